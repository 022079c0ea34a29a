/** What a tensor of an ONNX file is while the file is read: a constant, or a value of the network, seen in some arrangement of its axes. */
import type { NormAxis, Op, Sides } from '../../graph/operations/ops.js';
import type { Elementwise } from './elementwise.js';
import type { View } from './view.js';

export interface Constant {
  readonly kind: 'constant';
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
  /** Whether it holds whole numbers, whose quotients are cut off. */
  readonly isWhole: boolean;
  /** The name of the weight whose values these are, in whatever shape; absent where they were written into the formula or computed. */
  readonly parameter?: string;
}

/** Numbers of formulas may be initializers too, but bear no name of a module. */
export const isModulesParameter = ({ parameter }: Constant): boolean => parameter?.includes('.') ?? false;

export const floats = ({ values }: Constant): Float32Array =>
  values instanceof Float32Array ? values : Float32Array.from(values);

/** A value of the network: what `formula` makes of the value of a node of the sketch, one element after another. */
export interface Variable {
  readonly kind: 'variable';
  /** Id in the sketch. */
  readonly node: number;
  readonly view: View;
  readonly formula: Elementwise;
  /** Zeros around the map, which the next window takes in as its own where it can. */
  readonly padding?: Sides;
  /** Set where the value stands for a step of linear attention, which only the next step can read. */
  readonly step?: LinearStep;
  /** Set where the value stands for one that no operation of ours gives, and that the next node makes part of one. */
  readonly pending?: Pending;
}

/** The L2 norms of a value, at least so large; or projected codes of positions, which wait for the map to which they are added. */
export type Pending =
  | { readonly state: 'norms'; readonly value: Variable; readonly over: NormAxis; readonly least: number }
  | {
      readonly state: 'positions';
      readonly path: string;
      readonly op: Op<'addPositions'>;
      readonly weights: Readonly<Record<string, () => Float32Array>>;
    };

/**
 * Linear attention as it is exported: values with ones, their products with the keys, those with the queries, and of these the part that is
 * divided and the part that divides.
 */
export type LinearStep =
  | { readonly state: 'with ones'; readonly value: Variable; readonly isLast: boolean }
  | { readonly state: 'sums'; readonly key: Variable; readonly value: Variable; readonly isLast: boolean }
  | ({ readonly state: 'products' | 'numerators' | 'denominators' } & LinearProducts);

export interface LinearProducts {
  readonly query: Variable;
  readonly key: Variable;
  readonly value: Variable;
  /** Whether the channels are the last dimension, the pixels before it. */
  readonly isLast: boolean;
}

export type Operand = Constant | Variable;
