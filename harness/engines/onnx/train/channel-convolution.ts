/**
 * Channel-wise convolution: every filter is one kernel over depth x height x width that slides along the channels.
 * U [depth * kh * kw, maps * N H' W'] holds, for each tap, the channels it meets; y = W . U with W [filters, taps].
 */
import type { Op } from '../../../graph/ops.js';
import type { Parameter } from '../../../graph/parameters.js';
import { elementCount, type MapShape } from '../../../graph/shape.js';
import type { Tensor } from '../model.js';
import type { Lowered, TrainingContext } from './context.js';
import type { Geometry } from './convolution.js';
import { fold, unfold } from './patches.js';

interface Site {
  readonly input: MapShape;
  readonly output: MapShape;
  readonly kernel: Parameter;
}

export const channelConvolution = (
  context: TrainingContext,
  op: Op<'channelConv'>,
  x: Tensor,
  { input, output, kernel }: Site,
): Lowered => {
  const { ops, layout } = context;
  const [depth, height, width] = op.kernel;
  const taps = elementCount(op.kernel);
  const maps = output[0] / op.filters;
  const length = layout.batch * output[1] * output[2];
  const spatial: Geometry = {
    ...layout,
    input,
    output: [input[0], output[1], output[2]],
    groups: input[0],
    kernel: [height, width],
    stride: [1, 1],
    padding: [0, 0],
    dilation: [1, 1],
  };
  const cells = height * width;
  const [before, after] = op.channelPadding;
  const lastStart = (maps - 1) * op.channelStride;
  const padded = ops.pad(
    ops.reshape(unfold(ops, x, spatial), input[0], cells, length),
    [before, 0, 0],
    [after, 0, 0],
  );
  const met = Array.from({ length: depth }, (_, offset) => {
    const channels = ops.slice(padded, 0, offset, offset + lastStart + 1, op.channelStride);
    return ops.reshape(ops.transpose(channels, 1, 0, 2), cells, maps * length);
  });
  const unfolded = ops.concat(0, met);
  const weights = ops.reshape(context.tensor(kernel), op.filters, taps);

  return {
    output: ops.reshape(ops.matMul(weights, unfolded), output[0], length),
    backward: (gradient, [needed = true]) => {
      const perFilter = ops.reshape(gradient, op.filters, maps * length);
      context.setGradient([kernel], ops.reshape(ops.matMulTransB(perFilter, unfolded), ...kernel.shape));
      if (!needed) return [null];
      const perTap = ops.split(
        ops.matMulTransA(weights, perFilter),
        0,
        Array.from({ length: depth }, () => cells),
      );
      const placed = perTap.map((tap, offset) => {
        const channels = ops.transpose(ops.reshape(tap, cells, maps, length), 1, 0, 2);
        const spread = ops.reshape(
          ops.pad(ops.reshape(channels, maps, 1, cells * length), [0, 0, 0], [0, op.channelStride - 1, 0]),
          maps * op.channelStride,
          cells,
          length,
        );
        const end = input[0] + before - (offset + maps * op.channelStride);
        return ops.pad(spread, [offset - before, 0, 0], [end, 0, 0]);
      });
      return [fold(ops, ops.total(placed), spatial)];
    },
  };
};
