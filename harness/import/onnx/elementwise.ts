/** Elementwise operations that wait until it is clear which activation they are together. */
import { type Formula, IDENTITY } from './formula.js';

export interface Elementwise {
  readonly computes: Formula;
  /** Path of its last operation. */
  readonly path: string;
  /** The node of its value where it is no activation as a whole. Throws UserError where its last operation has no counterpart. */
  readonly otherwise: () => number;
}

/** Nothing is done. */
export const UNCHANGED: Elementwise = {
  computes: IDENTITY,
  path: '',
  otherwise: () => {
    throw new RangeError('The identity is always recognised.');
  },
};
