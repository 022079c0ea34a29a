/** Top-1 against a cost: the frame of three charts that differ in their horizontal axis only. */
import type { Estimate, ParetoFront } from '../../harness/analysis/analysis.js';
import { top1Column } from '../columns.js';
import { INKS } from '../palette.js';
import { shorten } from '../text.js';
import type { CandidateView, GroupView, ReportView } from '../view.js';
import type { Drawing, Layer, Margins } from './chart.js';
import { candidateColor, candidateShape, frame, plotWidth, verticalTitle } from './frame.js';
import { type Box, placeLabels } from './place-labels.js';
import { asScale, type PlotScale, scaleOver } from './scale.js';

export interface CostAxis {
  readonly title: string;
  /** For the description: `parameters`. */
  readonly noun: string;
  readonly of: (candidate: CandidateView) => Estimate | null;
  readonly format: (value: number) => string;
  /** Which front is drawn. */
  readonly cost: ParetoFront['cost'];
  /** Drawn as a line where the suite has a budget in this unit. */
  readonly budget: number | null;
}

/** Filled symbols are blocks in LightNet, hollow ones published networks; a label starts with the rank on top-1. */
export const accuracyScatter = (view: ReportView, axis: CostAxis): Drawing | null => {
  const points = pointsOf(view, axis);
  if (points.length === 0) return null;
  const fronts = view.groups
    .map((group) => frontOf(group, axis.cost, points))
    .filter(({ length }) => length > 1);
  const scales = {
    x: scaleOver([
      ...points.flatMap(({ cost, costLow, costHigh }) => [cost, costLow ?? cost, costHigh ?? cost]),
      ...(axis.budget === null ? [] : [axis.budget]),
    ]),
    y: scaleOver(points.flatMap(({ top1, low, high }) => [top1, low ?? top1, high ?? top1])),
  };
  const x = { field: 'cost', type: 'quantitative' as const };
  const y = { field: 'top1', type: 'quantitative' as const };
  const color = candidateColor(view.candidates);
  const shape = candidateShape(view.candidates);
  const tooltip = { field: 'tip', type: 'nominal' as const };
  const spec: Drawing['spec'] = {
    ...frame(MARGINS, HEIGHT, `Test top-1 against ${axis.noun}: ${points.map(({ tip }) => tip).join('; ')}.`),
    data: { name: 'points', values: labelled(points, fronts, scales) },
    encoding: {
      x: {
        ...x,
        title: axis.title,
        scale: asScale(scales.x),
        axis: { tickCount: 5, grid: false, domain: true, domainColor: INKS.rule.light },
      },
      y: {
        ...y,
        scale: asScale(scales.y),
        axis: { tickCount: 5, ...verticalTitle('Test top-1 (%)', MARGINS.left) },
      },
    },
    layer: [
      ...(axis.budget === null ? [] : [budgetRule(axis.budget)]),
      ...fronts.map(frontLine),
      {
        mark: { type: 'rule', opacity: 0.55, strokeWidth: 1.5, aria: false },
        encoding: { y: { field: 'low', type: 'quantitative' }, y2: { field: 'high' }, color },
      },
      {
        mark: { type: 'rule', opacity: 0.55, strokeWidth: 1.5, aria: false },
        encoding: { x: { field: 'costLow', type: 'quantitative' }, x2: { field: 'costHigh' }, color },
      },
      {
        transform: [{ filter: 'datum.group === "lightnet"' }],
        mark: { type: 'point', filled: true, size: 90, opacity: 1 },
        encoding: { color, shape, tooltip, description: tooltip },
      },
      {
        transform: [{ filter: 'datum.group === "network"' }],
        mark: { type: 'point', filled: false, size: 80, strokeWidth: 2, opacity: 1 },
        encoding: { color, shape, tooltip, description: tooltip },
      },
      {
        transform: [{ filter: 'isValid(datum.align)' }],
        mark: {
          type: 'text',
          align: { expr: 'datum.align' },
          baseline: 'middle',
          dx: { expr: 'datum.dx' },
          dy: { expr: 'datum.dy' },
        },
        encoding: { text: { field: 'text', type: 'nominal' } },
      },
    ],
  };
  return { spec, margins: MARGINS };
};

const MARGINS: Margins = { left: 40, right: 12, top: 28, bottom: 44 };
const HEIGHT = 250;
const SHORT_LABEL = 12;

interface Point {
  readonly id: string;
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

const pointsOf = (view: ReportView, axis: CostAxis): Point[] => {
  const column = top1Column(view);
  return view.candidates.flatMap((candidate): Point[] => {
    const [top1, cost] = [column.of(candidate), axis.of(candidate)];
    if (top1 === null || cost === null) return [];
    const rank = candidate.rank.top1;
    return [
      {
        id: candidate.id,
        candidate: candidate.label,
        group: candidate.candidate.group,
        rank: rank === null ? '' : `${rank} `,
        tip: `${candidate.label}, top-1 ${column.format(top1.value)} %, ${axis.format(cost.value)}`,
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

const labelled = (
  points: readonly Point[],
  fronts: readonly (readonly Point[])[],
  { x, y }: { readonly x: PlotScale; readonly y: PlotScale },
) => {
  const width = plotWidth(MARGINS);
  const at = (cost: number, top1: number) => ({ x: x.at(cost) * width, y: (1 - y.at(top1)) * HEIGHT });
  const obstacles = points.flatMap((point): Box[] => {
    const low = at(point.costLow ?? point.cost, point.low ?? point.top1);
    const high = at(point.costHigh ?? point.cost, point.high ?? point.top1);
    const centre = at(point.cost, point.top1);
    return [
      { left: centre.x - 6, right: centre.x + 6, top: centre.y - 6, bottom: centre.y + 6 },
      { left: centre.x - 1, right: centre.x + 1, top: high.y, bottom: low.y },
      { left: low.x, right: high.x, top: centre.y - 1, bottom: centre.y + 1 },
    ];
  });
  for (const front of fronts) {
    for (const [index, point] of front.slice(1).entries()) {
      const before = front[index] ?? point;
      const [from, to] = [at(before.cost, before.top1), at(point.cost, point.top1)];
      obstacles.push(
        { left: from.x, right: to.x, top: from.y - 1, bottom: from.y + 1 },
        { left: to.x - 1, right: to.x + 1, top: to.y, bottom: from.y },
      );
    }
  }
  const within = { left: 2, right: width + MARGINS.right, top: -8, bottom: HEIGHT };
  const labels = points.map(({ cost, top1, rank, candidate }) => ({
    ...at(cost, top1),
    texts: [`${rank}${candidate}`, `${rank}${shorten(candidate, SHORT_LABEL)}`],
  }));
  const placements = placeLabels(labels, obstacles, within);
  return points.map(({ id: _, ...point }, index) => ({ ...point, ...placements[index] }));
};

const budgetRule = (target: number): Layer => ({
  data: { values: [{ budget: target }] },
  mark: { type: 'rule', strokeDash: [4, 3], color: INKS.rule.light, aria: false },
  encoding: { x: { field: 'budget', type: 'quantitative' }, y: { value: 0 }, y2: { value: 'height' } },
});

/** The candidates of a group that no other beats, cheapest first. */
const frontOf = (
  { comparable }: GroupView,
  cost: ParetoFront['cost'],
  points: readonly Point[],
): readonly Point[] => {
  const front = comparable.fronts.find((each) => each.cost === cost);
  const members = new Set(
    front?.points.filter(({ onFront }) => onFront).map(({ candidate }) => candidate) ?? [],
  );
  return points.filter(({ id }) => members.has(id)).toSorted((a, b) => a.cost - b.cost);
};

const frontLine = (front: readonly Point[]): Layer => ({
  data: { values: front.map(({ cost, top1 }) => ({ cost, top1 })) },
  mark: { type: 'line', interpolate: 'step-after', strokeWidth: 1, color: INKS.rule.light, aria: false },
  encoding: {},
});
