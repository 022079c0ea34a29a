/** What stands in a table of results, before a format writes it. */
import type { Estimate } from '../../harness/analysis/analysis.js';

export type Cell =
  | { readonly kind: 'none' }
  /** A name is a user's text; all other texts are ours. */
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'number'; readonly value: number; readonly format: (value: number) => string }
  | {
      readonly kind: 'estimate';
      readonly estimate: Estimate;
      readonly format: (value: number) => string;
      /** No candidate of its group is shown to be better. */
      readonly isBest: boolean;
    };

export const NONE: Cell = { kind: 'none' };

/** Texts without a rule of their own for numbers: value, and interval in brackets. */
export const cellParts = (cell: Cell): { readonly value: string; readonly interval: string } => {
  switch (cell.kind) {
    case 'none':
      return { value: '–', interval: '' };
    case 'text':
      return { value: cell.text, interval: '' };
    case 'number':
      return { value: cell.format(cell.value), interval: '' };
    case 'estimate': {
      const { estimate, format } = cell;
      return {
        value: format(estimate.value),
        interval: estimate.interval === null ? '' : `[${estimate.interval.map(format).join(', ')}]`,
      };
    }
  }
};
