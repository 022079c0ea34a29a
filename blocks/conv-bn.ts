import type { Conv2dOptions, GraphBuilder, Value } from '../harness/graph/build/builder.js';
import type { ActivationFunction } from '../harness/graph/operations/ops.js';

/** A convolution without bias and its batch norm: `conv` and `bn` in the builder's scope. */
export const convBn = (g: GraphBuilder, x: Value, options: Conv2dOptions): Value =>
  g.batchNorm('bn', g.conv2d('conv', x, options));

/** The same, and the activation `act`. */
export const convBnAct = (
  g: GraphBuilder,
  x: Value,
  options: Conv2dOptions,
  activation: ActivationFunction,
): Value => g.activation('act', convBn(g, x, options), activation);

/** The sum of parallel branches, as one node `sum`; one branch is its own sum. */
export const sumBranches = (g: GraphBuilder, [first, ...rest]: NonEmpty<Value>): Value =>
  rest.length === 0 ? first : g.add('sum', first, ...rest);

/** At least one. */
export type NonEmpty<T> = readonly [T, ...T[]];
