import type { Op, Pair } from '../../../../graph/operations/ops.js';
import type { MapShape } from '../../../../graph/shape.js';
import type { BatchLayout } from '../context.js';

/** Of a convolution on the rows of a batch. */
export interface Geometry extends BatchLayout {
  readonly input: MapShape;
  readonly output: MapShape;
  readonly groups: number;
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Pair;
  readonly dilation: Pair;
}

export const geometryOf = (
  op: Op<'conv2d'>,
  layout: BatchLayout,
  input: MapShape,
  output: MapShape,
): Geometry => ({
  ...layout,
  input,
  output,
  groups: op.groups,
  kernel: op.kernel,
  stride: op.stride,
  padding: op.padding,
  dilation: op.dilation,
});
