/** The symbol of a candidate where it stands for the candidate, not for a value: filled for blocks, hollow for published networks. */
import type { ChartCandidate } from '../view/chart-view.js';

/** What `SYMBOL_ENCODING` reads. */
export interface SymbolLook {
  readonly color: string;
  readonly fill: string;
  readonly shape: string;
}

export const symbolLook = ({ look: { color, shape }, candidate: { group } }: ChartCandidate): SymbolLook => ({
  color,
  fill: group === 'network' ? 'transparent' : color,
  shape,
});

/** Looks are in the data: these marks have no scale and no legend. */
export const SYMBOL_ENCODING = {
  stroke: { field: 'color', type: 'nominal', scale: null },
  fill: { field: 'fill', type: 'nominal', scale: null },
  shape: { field: 'shape', type: 'nominal', scale: null },
} as const;
