/** Small multiples: square panels side by side, placed in pixels, each under a title. */
import { HEAT } from '../palette.js';
import type { Layer, Margins } from './chart.js';
import { plotWidth } from './frame.js';

export interface Panel {
  readonly x: number;
  /** Of the title; the square begins `TITLE_HEIGHT` below. */
  readonly y: number;
  /** Side of the square. */
  readonly size: number;
}

export const PANEL_MARGINS: Margins = { left: 4, right: 4, top: 4, bottom: 4 };

export const TITLE_HEIGHT = 20;

const GAP = 14;

/** So many panels in rows of `columns`. */
export const panels = (
  count: number,
  columns: number,
): { readonly places: readonly Panel[]; readonly height: number } => {
  const size = panelSize(columns);
  const step = TITLE_HEIGHT + size + GAP;
  return {
    places: Array.from({ length: count }, (_, index) => ({
      x: (index % columns) * (size + GAP),
      y: Math.floor(index / columns) * step,
      size,
    })),
    height: Math.ceil(count / columns) * step - GAP,
  };
};

export const panelSize = (columns: number): number =>
  (plotWidth(PANEL_MARGINS) - (columns - 1) * GAP) / columns;

/** Positions in the data are pixels of the plot. */
export const PIXEL = {
  x: { field: 'x', type: 'quantitative', scale: null, axis: null },
  y: { field: 'y', type: 'quantitative', scale: null, axis: null },
} as const;

/** Beside `PIXEL`, the far corner. */
export const AREA = { x2: { field: 'x2' }, y2: { field: 'y2' } } as const;

/** Areas coloured from 0 to the largest value of a field, each told of by its `tip`. */
export const heatMap = (field: string, largest: number): Layer => ({
  mark: { type: 'rect', stroke: null },
  encoding: {
    ...AREA,
    color: { field, type: 'quantitative', scale: { domain: [0, largest], range: [...HEAT] } },
    tooltip: { field: 'tip', type: 'nominal' },
    description: { field: 'tip', type: 'nominal' },
  },
});
