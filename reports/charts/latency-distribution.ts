import { latencyColumn } from '../columns.js';
import type { CandidateView, ReportView } from '../view.js';
import { candidateRow, ROW_MARGIN, rowHeight, rowSymbols } from './candidate-rows.js';
import type { Chart, Drawing, Margins } from './chart.js';
import { candidateColor, frame } from './frame.js';
import { asScale, scaleOver } from './scale.js';

export const latencyDistribution: Chart = {
  id: 'latency-distribution',
  title: 'Latency of the deploy form',
  caption:
    'One thin mark per round (the median of that round). The bar is the median over rounds with its 95 % interval.',
  draw: (view) => draw(view),
};

const MARGINS: Margins = { left: ROW_MARGIN, right: 14, top: 8, bottom: 44 };

const draw = (view: ReportView): Drawing | null => {
  const measured = view.candidates.filter(({ latency }) => latency.state === 'done');
  if (measured.length === 0) return null;
  const rounds = measured.flatMap(roundsOf);
  const { format } = latencyColumn(view);
  const medians = measured.flatMap(({ label, latencyMs }) =>
    latencyMs === null
      ? []
      : [
          {
            candidate: label,
            ms: latencyMs.value,
            low: latencyMs.interval?.[0] ?? null,
            high: latencyMs.interval?.[1] ?? null,
            tip: `${label}, median ${format(latencyMs.value)} ms`,
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
  const spec: Drawing['spec'] = {
    ...frame(
      MARGINS,
      step * measured.length,
      `Latency by round: ${medians.map(({ tip }) => tip).join('; ')}.`,
    ),
    data: { name: 'rounds', values: rounds },
    encoding: {
      x: {
        field: 'ms',
        type: 'quantitative',
        title: `Latency, batch ${view.run.plan.latency.batch} (ms)`,
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
  return { spec, margins: MARGINS };
};

const roundsOf = ({ label, latency }: CandidateView) =>
  latency.state === 'done' ? latency.result.roundMs.flat().map((ms) => ({ candidate: label, ms })) : [];
