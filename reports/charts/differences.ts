/** Every candidate against the reference of its group: the frame of two charts, one per measured metric. */
import type { MeasuredMetric } from '../../harness/analysis/metrics.js';
import { INKS } from '../palette.js';
import { signed } from '../text/numbers.js';
import type { ChartCandidate, ChartGroup, ChartView } from '../view/chart-view.js';
import { comparisonOf } from '../view/comparisons.js';
import { effectDigits, intervalText } from '../wording/effect-text.js';
import { otherwiseText } from '../wording/otherwise.js';
import { candidateRow, MOST_NAMED, rowHeight, rowMargins, rowSymbols } from './candidate-rows.js';
import type { Chart, Drawing, Layer } from './chart.js';
import { described, frame } from './frame.js';
import { asScale, clippedScale } from './scale.js';
import { thresholdBand, zeroRule } from './threshold-band.js';
import { LINE_COLORS, type VerdictState, verdictColor, verdictKey } from './verdict-look.js';

export const differencesTop1: Chart = {
  id: 'differences-top1',
  title: 'Accuracy against the reference',
  caption:
    'Difference in top-1, in points. Bars are intervals corrected for all pairs; small dots are seeds, each less the same seed of the reference, those far off at the edge; differences within the band do not matter.',
  draw: (view) => differences(view, 'top1', 'Difference in top-1 (points)'),
};

export const differencesLatency: Chart = {
  id: 'differences-latency',
  title: 'Latency against the reference',
  caption:
    'Difference in latency, in per cent; further right is slower. Bars are intervals corrected for all pairs, those far wider than all differences cut off.',
  draw: (view) => differences(view, 'latency', 'Difference in latency (%)'),
};

const AROUND = { right: 14, top: 8, bottom: 44 } as const;

const KEY = verdictKey(LINE_COLORS, { better: 'better', worse: 'worse', tie: 'tie', undecided: 'undecided' });

const differences = (view: ChartView, metric: MeasuredMetric, title: string): Drawing | null => {
  const rows = view.groups.flatMap((group) => rowsOf(group, metric));
  if (rows.length === 0) return null;
  const effects = new Map(
    rows.flatMap(({ candidate, reference, effect }) => [
      [reference, 0],
      [candidate, effect],
    ]),
  );
  const ranked = view.candidates.filter(({ label }) => effects.has(label));
  const isNamed = ranked.length <= MOST_NAMED;
  // Rows without names need not stand where they stand in other charts.
  const candidates =
    isNamed || metric === 'top1'
      ? ranked
      : ranked.toSorted((a, b) => (effects.get(a.label) ?? 0) - (effects.get(b.label) ?? 0));
  const seeds =
    metric === 'top1' && isNamed
      ? view.groups.flatMap(seedsOf).filter(({ candidate }) => effects.has(candidate))
      : [];
  const threshold = Math.max(...rows.map((row) => row.threshold));
  const step = rowHeight(candidates.length);
  const margins = rowMargins(candidates.length, AROUND);
  const drawn = withinReach(rows);
  const scale = clippedScale(
    [
      0,
      -threshold,
      threshold,
      ...drawn.flatMap(({ effect, low, high }) => [effect, low ?? effect, high ?? effect]),
    ],
    seeds.map(({ effect }) => effect),
  );
  const [least, most] = scale.domain;
  const spec: Drawing['spec'] = {
    ...frame(margins, step * candidates.length, described(title, rows)),
    data: { name: 'differences', values: drawn },
    encoding: {
      x: { field: 'effect', type: 'quantitative', title, scale: asScale(scale), axis: { tickCount: 4 } },
      y: candidateRow(candidates),
    },
    layer: [
      thresholdBand(threshold),
      zeroRule(),
      rowSymbols(candidates),
      {
        data: {
          name: 'seeds',
          values: seeds.map((seed) => ({ ...seed, effect: Math.min(Math.max(seed.effect, least), most) })),
        },
        mark: {
          type: 'point',
          filled: true,
          size: 8,
          opacity: 0.8,
          color: INKS.muted.light,
          yOffset: 0.3 * step,
          aria: false,
        },
        encoding: {},
      },
      {
        mark: { type: 'rule', strokeWidth: step > 10 ? 3 : 1, aria: false },
        encoding: {
          x: { field: 'low', type: 'quantitative' },
          x2: { field: 'high' },
          color: verdictColor(LINE_COLORS),
        },
      },
      points(step),
    ],
  };
  return { spec, margins, key: KEY, rows: rows.map(({ tip, threshold: _, ...row }) => row) };
};

/** Ends of intervals that say nothing but would make all effects look alike stand at the far end of what is worth showing. */
const withinReach = (rows: readonly Row[]): Row[] => {
  const reach = Math.max(LEAST_REACH, 5 * Math.max(...rows.map(({ effect }) => Math.abs(effect))));
  return rows.map((row) => ({ ...row, high: row.high === null ? null : Math.min(row.high, reach) }));
};

/** All that accuracies can differ by, in points; twice the latency, in per cent. */
const LEAST_REACH = 100;

const points = (step: number): Layer => ({
  mark: { type: 'point', filled: true, size: step > 10 ? 45 : 8, opacity: 1, color: INKS.text.light },
  encoding: { tooltip: { field: 'tip', type: 'nominal' }, description: { field: 'tip', type: 'nominal' } },
});

interface Row {
  readonly candidate: string;
  readonly reference: string;
  readonly effect: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly state: VerdictState;
  readonly threshold: number;
  readonly tip: string;
}

const rowsOf = ({ candidates, reference, comparable }: ChartGroup, metric: MeasuredMetric): Row[] =>
  candidates.flatMap((candidate) => {
    const comparison =
      candidate.id === reference.id ? null : comparisonOf(comparable, metric, candidate.id, reference.id);
    if (comparison === null) return [];
    const { effect, interval, verdict, threshold } = comparison;
    const [low, high] = interval === null ? [null, null] : [100 * interval[0], 100 * interval[1]];
    const digits = low === null || high === null ? 2 : effectDigits([low, high]);
    const ends = low === null || high === null ? '' : ` ${intervalText([low, high], 100 * effect, digits)}`;
    const also = otherwiseText(comparison);
    const unit = metric === 'top1' ? 'points' : '%';
    return [
      {
        candidate: candidate.label,
        reference: reference.label,
        effect: 100 * effect,
        low,
        high,
        state: verdict.state,
        threshold: 100 * threshold,
        tip: `${candidate.name} against ${reference.name}: ${signed(100 * effect, digits)}${ends} ${unit}, ${verdict.state}${also === '' ? '' : `, with ${also}`}`,
      },
    ];
  });

const seedsOf = ({ candidates, reference }: ChartGroup) => {
  const ofReference = new Map(reference.seedTop1.map(({ seed, top1 }) => [seed, top1]));
  return candidates.flatMap((candidate: ChartCandidate) =>
    candidate.id === reference.id
      ? []
      : candidate.seedTop1.flatMap(({ seed, top1 }) => {
          const other = ofReference.get(seed);
          return other === undefined
            ? []
            : [{ candidate: candidate.label, seed, effect: 100 * (top1 - other) }];
        }),
  );
};
