/** Pooling over windows, by patches: both directions of average and maximum. */
import type { Pair } from '../../../../graph/operations/ops.js';
import { elementCount, type MapShape } from '../../../../graph/shape.js';
import type { Tensor } from '../../model.js';
import type { BatchLayout, Lowered, TrainingContext } from '../context.js';
import type { Geometry } from '../convolution/geometry.js';
import { fold, unfold } from '../convolution/patches.js';

interface Window {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Pair;
}

export const averagePool = (
  context: TrainingContext,
  window: Window,
  x: Tensor,
  input: MapShape,
  output: MapShape,
): Lowered => {
  const { ops, layout } = context;
  const { geometry, size, length } = windowsOf(layout, window, input, output);
  return {
    output: ops.mean(shaped(context, unfold(ops, x, geometry), input[0], size, length), 1),
    backward: (gradient) => {
      const share = ops.reshape(ops.times(gradient, 1 / size), input[0], 1, length);
      return [
        fold(
          ops,
          ops.concat(
            1,
            Array.from({ length: size }, () => share),
          ),
          geometry,
        ),
      ];
    },
  };
};

/** The gradient goes to the largest value of each window, in equal parts where several are largest. */
export const maxPool = (
  context: TrainingContext,
  window: Window,
  x: Tensor,
  input: MapShape,
  output: MapShape,
): Lowered => {
  const { ops, layout } = context;
  const { geometry, size, length } = windowsOf(layout, window, input, output);
  const values = shaped(context, unfold(ops, x, geometry, LOWEST), input[0], size, length);
  const largest = ops.max(values, 1, true);
  return {
    output: ops.reshape(largest, input[0], length),
    backward: (gradient) => {
      const chosen = ops.float(ops.model.node('Equal', [values, largest]));
      const share = ops.div(ops.reshape(gradient, input[0], 1, length), ops.sum(chosen, 1, true));
      return [fold(ops, ops.mul(chosen, share), geometry)];
    },
  };
};

/** Below every activation, and finite. */
const LOWEST = -3.4e38;

/** Of every channel, `length` windows of `size` values each. */
const windowsOf = (
  layout: BatchLayout,
  window: Window,
  input: MapShape,
  output: MapShape,
): { readonly geometry: Geometry; readonly size: number; readonly length: number } => ({
  geometry: { ...layout, input, output, groups: input[0], dilation: [1, 1], ...window },
  size: elementCount(window.kernel),
  length: layout.batch * output[1] * output[2],
});

const shaped = (
  { ops }: TrainingContext,
  x: Tensor,
  channels: number,
  size: number,
  length: number,
): Tensor => ops.reshape(x, channels, size, length);
