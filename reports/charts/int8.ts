/** What int8 does to each candidate: top-1 before and after, and the drop. */

import { INKS } from '../palette.js';
import { digitsOf, fixed, signed } from '../text/numbers.js';
import { listed } from '../text/words.js';
import type { ChartCandidate, ChartView, Int8View } from '../view/chart-view.js';
import { candidateRow, rowHeight, rowMargins, rowSymbols } from './candidate-rows.js';
import type { Chart, Drawing, Layer } from './chart.js';
import { described, frame } from './frame.js';
import { asScale, linearScale } from './scale.js';
import { thresholdBand, zeroRule } from './threshold-band.js';

export const int8Drop: Chart = {
  id: 'drop-int8',
  title: 'What int8 loses',
  caption:
    'Top-1 in float less that in int8, in points, paired by trial and image, with 95 % intervals; further right loses more, and drops within the band do not matter.',
  draw: (view) => draw(view, dropRows, 'Drop in top-1 (points)'),
};

export const int8Top1: Chart = {
  id: 'accuracy-int8',
  title: 'Accuracy in float and in int8',
  caption:
    'Test top-1 in float (hollow) and in int8 (filled, with its 95 % interval), best in float first. An arrow stands where the order with another candidate is decided one way in float and the other way in int8.',
  draw: (view) => draw(view, top1Rows, 'Test top-1 (%)'),
};

const AROUND = { right: 22, top: 8, bottom: 44 } as const;

interface Row {
  readonly candidate: string;
  /** In int8. */
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly tip: string;
  readonly float?: number;
  readonly turned?: string;
}

interface Rows {
  readonly rows: readonly Row[];
  readonly threshold: number | null;
}

type RowsOf = (view: Int8View, candidates: readonly ChartCandidate[]) => Rows;

const draw = (view: ChartView, rowsOf: RowsOf, title: string): Drawing | null => {
  if (view.int8 === null) return null;
  const { rows, threshold } = rowsOf(view.int8, view.candidates);
  if (rows.length === 0) return null;
  const shown = new Set(rows.map(({ candidate }) => candidate));
  const candidates = view.candidates.filter(({ label }) => shown.has(label));
  const step = rowHeight(candidates.length);
  const margins = rowMargins(candidates.length, AROUND);
  const scale = linearScale([
    ...(threshold === null ? [] : [0, -threshold, threshold]),
    ...rows.flatMap(({ value, low, high, float = value }) => [value, low ?? value, high ?? value, float]),
  ]);
  const spec: Drawing['spec'] = {
    ...frame(margins, step * candidates.length, described(title, rows)),
    data: { name: 'candidates', values: rows },
    encoding: {
      x: { field: 'value', type: 'quantitative', title, scale: asScale(scale), axis: { tickCount: 4 } },
      y: candidateRow(candidates),
    },
    layer: [
      ...(threshold === null ? [] : [thresholdBand(threshold), zeroRule()]),
      rowSymbols(candidates),
      {
        mark: { type: 'rule', strokeWidth: step > 10 ? 3 : 1, color: INKS.rule.light, aria: false },
        encoding: { x: { field: 'low', type: 'quantitative' }, x2: { field: 'high' } },
      },
      ...(threshold === null ? [floatPoints(step), arrows] : []),
      {
        mark: { type: 'point', filled: true, size: step > 10 ? 45 : 8, opacity: 1, color: INKS.text.light },
        encoding: {
          tooltip: { field: 'tip', type: 'nominal' },
          description: { field: 'tip', type: 'nominal' },
        },
      },
    ],
  };
  return { spec, margins, rows: rows.map(({ tip: _, ...row }) => row) };
};

const floatPoints = (step: number): Layer => ({
  mark: {
    type: 'point',
    filled: false,
    size: step > 10 ? 55 : 8,
    strokeWidth: 1.5,
    color: INKS.text.light,
    aria: false,
  },
  encoding: { x: { field: 'float', type: 'quantitative' } },
});

/** At the right of the rows whose order changes. */
const arrows: Layer = {
  transform: [{ filter: 'isValid(datum.turned)' }],
  mark: { type: 'text', text: '↕', align: 'left', baseline: 'middle', dx: 6, fontSize: 13, aria: false },
  encoding: { x: { value: 'width' } },
};

const dropRows: RowsOf = ({ threshold, candidates: known }, candidates) => ({
  threshold: 100 * threshold,
  rows: candidates.flatMap(({ id, label, name }) => {
    const drop = known[id]?.drop;
    if (!drop) return [];
    const { value, low, high, digits } = inPoints(drop);
    const ends = low === null || high === null ? '' : ` [${signed(low, digits)}, ${signed(high, digits)}]`;
    return [{ candidate: label, value, low, high, tip: `${name}: ${signed(value, digits)}${ends} points` }];
  }),
});

const top1Rows: RowsOf = ({ candidates: known }, candidates) => {
  const names = new Map(candidates.map(({ id, name }) => [id, name]));
  return {
    threshold: null,
    rows: candidates.flatMap(({ id, label, name, top1 }) => {
      const one = known[id];
      if (!one?.top1 || top1 === null) return [];
      const { value, low, high, digits } = inPoints(one.top1);
      const ends = low === null || high === null ? '' : ` [${fixed(low, digits)}, ${fixed(high, digits)}]`;
      const others = one.turned.flatMap((other) => names.get(other) ?? []);
      const turned = others.length === 0 ? '' : `, in another order with ${listed(others)}`;
      return [
        {
          ...{ candidate: label, value, low, high, float: 100 * top1.value },
          ...(others.length === 0 ? {} : { turned: listed(others) }),
          tip: `${name}: ${fixed(100 * top1.value, digits)} % in float, ${fixed(value, digits)}${ends} % in int8${turned}`,
        },
      ];
    }),
  };
};

const inPoints = ({ value, interval }: NonNullable<Int8View['candidates'][string]['drop']>) => {
  const [low, high] = interval === null ? [null, null] : [100 * interval[0], 100 * interval[1]];
  return { value: 100 * value, low, high, digits: low === null || high === null ? 2 : digitsOf([low, high]) };
};
