/** Charts with one row per candidate: label and symbol at the left, in the order of the ranks. */
import type { ChartCandidate } from '../view/chart-view.js';
import type { Layer, Margins } from './chart.js';
import { LABEL_MARGIN, LABEL_ROOM } from './frame.js';
import { SYMBOL_ENCODING, symbolLook } from './symbol.js';
import { textWidth } from './text-width.js';

export const ROW_MARGIN = LABEL_MARGIN;

/** Between a label and the plot: the symbol. */
const LABEL_PADDING = LABEL_MARGIN - LABEL_ROOM - 4;

/** What the labels need, where that is less. */
export const neededMargin = (candidates: readonly ChartCandidate[]): number =>
  Math.min(
    ROW_MARGIN,
    ROW_MARGIN - LABEL_ROOM + Math.max(...candidates.map(({ label }) => Math.ceil(textWidth(label)))),
  );

/** Beyond it rows are too thin for names: tooltips have them, and so have charts of some of the candidates. */
export const MOST_NAMED = 80;

/** Left of rows without names: what the first number of the axis below needs. */
const BARE_MARGIN = 16;

/** The margins of a chart of so many rows: those without names take the whole width. */
export const rowMargins = (rows: number, rest: Omit<Margins, 'left'>): Margins => ({
  ...rest,
  left: rows > MOST_NAMED ? BARE_MARGIN : ROW_MARGIN,
});

/** Pixels per row: less where there are many. */
export const rowHeight = (rows: number): number => {
  if (rows > MOST_NAMED) return Math.max(1, 1000 / rows);
  return rows > 16 ? 14 : 24;
};

/** Size of a symbol in a cell of this many pixels. */
const symbolSize = (pixels: number): number => Math.min(50, (0.7 * pixels) ** 2);

export const candidateRow = (candidates: readonly ChartCandidate[], margin = ROW_MARGIN) => ({
  field: 'candidate',
  type: 'nominal' as const,
  sort: candidates.map(({ label }) => label),
  scale: { domain: candidates.map(({ label }) => label), padding: 0 },
  axis:
    candidates.length > MOST_NAMED
      ? null
      : {
          title: null,
          domain: false,
          ticks: false,
          grid: false,
          labelPadding: LABEL_PADDING,
          labelLimit: 0,
          minExtent: margin - 4,
          maxExtent: margin - 4,
        },
});

/** The symbol of each candidate between its label and the plot. */
export const rowSymbols = (
  candidates: readonly ChartCandidate[],
  height = rowHeight(candidates.length),
): Layer => symbols('rows', candidates.length <= MOST_NAMED ? candidates : [], { x: { value: -10 } }, height);

/** The symbols of the candidates above columns of this width, which are named by the field `reference`. */
export const columnSymbols = (candidates: readonly ChartCandidate[], width: number): Layer =>
  symbols('columns', candidates, { y: { value: -12 } }, width);

const symbols = (
  name: string,
  candidates: readonly ChartCandidate[],
  position: { readonly x: { readonly value: number } } | { readonly y: { readonly value: number } },
  room: number,
): Layer => ({
  data: {
    name,
    values: candidates.map((candidate) => ({
      candidate: candidate.label,
      reference: candidate.label,
      ...symbolLook(candidate),
    })),
  },
  mark: { type: 'point', size: symbolSize(room), strokeWidth: 1.5, opacity: 1, aria: false },
  encoding: { ...position, ...SYMBOL_ENCODING },
});
