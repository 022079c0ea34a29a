/** The candidates as points of a scatter, and as rows of its table. */
import type { Estimate, ParetoFront } from '../../harness/analysis/analysis.js';
import type { ChartCandidate, ChartView } from '../view/chart-view.js';
import { top1Column } from '../view/columns.js';
import type { Row } from './chart.js';
import type { PlotScale } from './scale.js';

export interface CostAxis {
  readonly title: string;
  /** For the description: `parameters`. */
  readonly noun: string;
  readonly of: (candidate: ChartCandidate) => Estimate | null;
  readonly format: (value: number) => string;
  /** The cost as it is recorded, for the table: `params_deploy`. */
  readonly column: string;
  /** From what is drawn to what is recorded. */
  readonly factor: number;
  /** Which front is drawn. */
  readonly cost: ParetoFront['cost'];
  /** Drawn as a line where the suite has a budget in this unit. */
  readonly budget: number | null;
}

export interface Point {
  readonly id: string;
  readonly name: string;
  readonly candidate: string;
  readonly group: string;
  /** Empty where the candidate has none. */
  readonly rank: string;
  readonly tip: string;
  readonly cost: number;
  readonly costLow: number | null;
  readonly costHigh: number | null;
  readonly top1: number;
  readonly low: number | null;
  readonly high: number | null;
}

export const pointsOf = (view: ChartView, axis: CostAxis): Point[] => {
  const column = top1Column(view);
  return view.candidates.flatMap((candidate): Point[] => {
    const [top1, cost] = [column.of(candidate), axis.of(candidate)];
    if (top1 === null || cost === null) return [];
    const rank = candidate.rank.top1;
    return [
      {
        id: candidate.id,
        name: candidate.name,
        candidate: candidate.label,
        group: candidate.candidate.group,
        rank: rank === null ? '' : `${rank} `,
        tip: `${candidate.name}, ${rank === null ? '' : `rank ${rank}, `}top-1 ${withInterval(top1, column.format)} %, ${axis.format(cost.value)}${cost.interval === null ? '' : ` [${cost.interval.map(axis.format).join(', ')}]`}`,
        cost: cost.value,
        costLow: cost.interval?.[0] ?? null,
        costHigh: cost.interval?.[1] ?? null,
        top1: top1.value,
        low: top1.interval?.[0] ?? null,
        high: top1.interval?.[1] ?? null,
      },
    ];
  });
};

const withInterval = ({ value, interval }: Estimate, format: (value: number) => string): string =>
  `${format(value)}${interval === null ? '' : ` [${interval.map(format).join(', ')}]`}`;

/** Intervals end where the plot does. */
export const cut = (points: readonly Point[], { domain: [least, most] }: PlotScale): Point[] =>
  points.map((point) => ({
    ...point,
    low: point.low && Math.max(point.low, least),
    high: point.high && Math.min(point.high, most),
  }));

/** In shares and whole numbers, as `results.csv` has them. */
export const rowOf = (
  { candidate, name, rank, cost, costLow, costHigh, top1, low, high }: Point,
  axis: CostAxis,
): Row => {
  const costs = (value: number | null): number | null => value && value * axis.factor;
  const share = (value: number | null): number | null => value && value / 100;
  return {
    candidate: name,
    label: candidate,
    rank: rank.trim(),
    test_top1: share(top1),
    test_top1_low: share(low),
    test_top1_high: share(high),
    [axis.column]: costs(cost),
    ...(costLow === null
      ? {}
      : { [`${axis.column}_low`]: costs(costLow), [`${axis.column}_high`]: costs(costHigh) }),
  };
};
