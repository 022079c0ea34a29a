/** What a tensor of an ONNX file is while the file is read: a constant, or a value of the network, seen in some arrangement of its axes. */
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

/** A value of the network: what `formula` makes of the value of a node of the sketch, one element after another. */
export interface Variable {
  readonly kind: 'variable';
  /** Id in the sketch. */
  readonly node: number;
  readonly view: View;
  readonly formula: Elementwise;
  /** Zeros around the map that the next window takes in: top, left, bottom, right. */
  readonly padding?: Padding;
}

export type Padding = readonly [top: number, left: number, bottom: number, right: number];

export type Operand = Constant | Variable;
