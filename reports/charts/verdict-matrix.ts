import type { Comparison } from '../../harness/analysis/analysis.js';
import { INKS, ON_STRONG } from '../palette.js';
import { fixed, signed } from '../text/numbers.js';
import type { ChartCandidate, ChartGroup, ChartView } from '../view/chart-view.js';
import { comparisonOf } from '../view/comparisons.js';
import { candidateRow, columnSymbols, neededMargin, rowSymbols } from './candidate-rows.js';
import type { Chart, Drawing, Layer, Margins } from './chart.js';
import { CHART_WIDTH, frame, plotWidth } from './frame.js';
import { textWidth } from './text-width.js';
import { AREA_COLORS, type VerdictState, verdictColor, verdictKey } from './verdict-look.js';

/** A matrix of more has cells that nobody can tell apart. */
const MOST_COMPARED = 60;

export const verdictMatrix: Chart = {
  id: 'verdict-matrix',
  title: 'Who is better than whom',
  caption:
    'Difference in top-1, row minus column: in points, or of many candidates by sign. Only candidates of one group are compared.',
  most: MOST_COMPARED,
  draw: (view) => draw(view),
};

const MARGINS: Omit<Margins, 'left'> = { right: 10, top: 28, bottom: 10 };
const WIDEST_CELL = 52;

const SIGNS: Record<VerdictState, string> = { better: '+', worse: '−', tie: '=', undecided: '?' };

const KEY = verdictKey(AREA_COLORS, {
  better: 'row is better',
  worse: 'row is worse',
  tie: 'tie (=)',
  undecided: 'undecided (?)',
});

const draw = (view: ChartView): Drawing | null => {
  if (view.candidates.length > MOST_COMPARED) return null;
  const cells = view.groups.flatMap(cellsOf);
  if (cells.length === 0) return null;
  const compared = view.candidates.filter(({ label }) => cells.some(({ candidate }) => candidate === label));
  const left = neededMargin(compared);
  const width = Math.min(WIDEST_CELL, plotWidth({ ...MARGINS, left }) / compared.length);
  const margins = { ...MARGINS, left, right: CHART_WIDTH - left - width * compared.length };
  const height = Math.min(34, Math.max(width, 13));
  const spec: Drawing['spec'] = {
    ...frame(margins, height * compared.length, `Pairwise verdicts on top-1. Pairs: ${pairCounts(cells)}.`),
    data: { name: 'verdicts', values: cells },
    encoding: {
      y: candidateRow(compared, left),
      x: {
        field: 'reference',
        type: 'nominal',
        sort: compared.map(({ label }) => label),
        scale: { domain: compared.map(({ label }) => label), padding: 0 },
        axis: null,
      },
    },
    layer: [
      rowSymbols(compared, height),
      columnSymbols(compared, width),
      {
        mark: { type: 'rect', stroke: 'transparent', width: { band: 0.94 }, height: { band: 0.92 } },
        encoding: {
          color: verdictColor(AREA_COLORS),
          tooltip: { field: 'tip', type: 'nominal' },
          description: { field: 'tip', type: 'nominal' },
        },
      },
      ...(width < 10 ? [] : [cellText(hasRoom(cells, width, height) ? 'text' : 'sign')]),
    ],
  };
  const rows = cells.map(({ text: _, sign: __, tip: ___, ...row }) => row);
  return { spec, margins, key: KEY, rows };
};

interface Cell {
  readonly candidate: string;
  readonly reference: string;
  readonly state: VerdictState;
  /** In points, as its interval. */
  readonly effect: number;
  readonly low: number | null;
  readonly high: number | null;
  /** In the cell: the number, and below it the sign of what is not decided. */
  readonly text: string;
  readonly sign: string;
  readonly tip: string;
}

const cellsOf = ({ candidates, comparable }: ChartGroup): Cell[] =>
  candidates.flatMap((row) =>
    candidates.flatMap((column) => {
      const comparison = row === column ? null : comparisonOf(comparable, 'top1', row.id, column.id);
      return comparison === null ? [] : [cellOf(row, column, comparison)];
    }),
  );

const cellOf = (
  row: ChartCandidate,
  column: ChartCandidate,
  { effect, interval, verdict }: Comparison,
): Cell => {
  const [low, high] = interval === null ? [null, null] : [100 * interval[0], 100 * interval[1]];
  const ends = low === null || high === null ? '' : ` [${signed(low, 2)}, ${signed(high, 2)}]`;
  const { state } = verdict;
  return {
    candidate: row.label,
    reference: column.label,
    effect: 100 * effect,
    low,
    high,
    state,
    text: `${signed(100 * effect, 1)}${{ better: '', worse: '', tie: '\n=', undecided: '\n?' }[state]}`,
    sign: SIGNS[state],
    tip: `${row.name} against ${column.name}: ${signed(100 * effect, 2)}${ends} points, ${state}`,
  };
};

const pairCounts = (cells: readonly Cell[]): string => {
  const pairs = (states: readonly VerdictState[]) =>
    cells.filter(({ state }) => states.includes(state)).length / 2;
  return `${fixed(pairs(['better', 'worse']), 0)} decided, ${fixed(pairs(['tie']), 0)} tied, ${fixed(pairs(['undecided']), 0)} undecided`;
};

const LINE_HEIGHT = 12;

const hasRoom = (cells: readonly Cell[], width: number, height: number): boolean =>
  height >= 2 * LINE_HEIGHT && cells.every(({ text }) => textWidth(text.split('\n')[0] ?? '') < width);

const cellText = (field: 'text' | 'sign'): Layer => ({
  mark: {
    type: 'text',
    baseline: 'middle',
    fontSize: 10.5,
    lineBreak: '\n',
    lineHeight: LINE_HEIGHT,
    dy: { expr: `indexof(datum.${field}, '\\n') < 0 ? 0 : ${-LINE_HEIGHT / 2}` },
  },
  encoding: {
    text: { field, type: 'nominal' },
    color: {
      condition: { test: 'datum.state === "undecided"', value: INKS.text.light },
      value: ON_STRONG,
    },
  },
});
