import type { ChartCandidate, ChartView } from '../view/chart-view.js';
import { latencyColumn } from '../view/columns.js';
import { candidateRow, MOST_NAMED, rowHeight, rowMargins, rowSymbols } from './candidate-rows.js';
import type { Chart, Drawing } from './chart.js';
import { candidateColor, frame } from './frame.js';
import { asScale, scaleOver } from './scale.js';

export const latencyDistribution: Chart = {
  id: 'latency-distribution',
  title: 'Latency of the deploy form',
  caption:
    'One thin mark per round (the median of that round). The bar is the median over rounds with its 95 % interval.',
  draw: (view) => draw(view),
};

const AROUND = { right: 14, top: 8, bottom: 44 } as const;

const draw = (view: ChartView): Drawing | null => {
  const ranked = view.candidates.filter(({ rounds }) => rounds !== null);
  if (ranked.length === 0) return null;
  const isNamed = ranked.length <= MOST_NAMED;
  const measured = isNamed ? ranked : ranked.toSorted(byLatency);
  const rounds = measured.flatMap(roundsOf);
  const { format } = latencyColumn(view);
  const medians = measured.flatMap(({ label, name, latencyMs }) =>
    latencyMs === null
      ? []
      : [
          {
            candidate: label,
            ms: latencyMs.value,
            low: latencyMs.interval?.[0] ?? null,
            high: latencyMs.interval?.[1] ?? null,
            tip: `${name}, median ${format(latencyMs.value)}${latencyMs.interval === null ? '' : ` [${latencyMs.interval.map(format).join(', ')}]`} ms`,
          },
        ],
  );
  const scale = scaleOver(
    [...rounds.map(({ ms }) => ms), ...medians.flatMap(({ ms, low, high }) => [ms, low ?? ms, high ?? ms])],
    0.04,
  );
  const color = { ...candidateColor(view.candidates), legend: null };
  const tooltip = { field: 'tip', type: 'nominal' as const };
  const step = rowHeight(measured.length);
  const margins = rowMargins(measured.length, AROUND);
  const spec: Drawing['spec'] = {
    ...frame(
      margins,
      step * measured.length,
      `Latency by round: ${medians
        .slice(0, 40)
        .map(({ tip }) => tip)
        .join('; ')}.`,
    ),
    data: { name: 'rounds', values: isNamed ? rounds : [] },
    encoding: {
      x: {
        field: 'ms',
        type: 'quantitative',
        title: `Latency, batch ${view.batch} (ms)`,
        scale: asScale(scale),
        axis: { tickCount: 4 },
      },
      y: candidateRow(measured),
    },
    layer: [
      rowSymbols(measured),
      {
        mark: { type: 'tick', thickness: 1, size: step * 0.5, opacity: 0.45, aria: false },
        encoding: { color },
      },
      {
        data: { name: 'medians', values: medians },
        mark: { type: 'rule', strokeWidth: 3, aria: false },
        encoding: { x: { field: 'low', type: 'quantitative' }, x2: { field: 'high' }, color },
      },
      {
        data: { name: 'medians', values: medians },
        mark: { type: 'tick', thickness: 2.5, size: step * 0.75, opacity: 1 },
        encoding: { color, tooltip, description: tooltip },
      },
    ],
  };
  return {
    spec,
    margins,
    rows: medians.map(({ candidate, ms, low, high }) => ({
      candidate,
      latency_median_ms: ms,
      latency_low_ms: low,
      latency_high_ms: high,
    })),
  };
};

/** Rows without names need not stand where they stand in other charts. */
const byLatency = (a: ChartCandidate, b: ChartCandidate): number =>
  (a.latencyMs?.value ?? 0) - (b.latencyMs?.value ?? 0);

const roundsOf = ({ label, rounds }: ChartCandidate) =>
  (rounds?.roundMs.flat() ?? []).map((ms) => ({ candidate: label, ms }));
