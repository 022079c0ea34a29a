/**
 * Channel-wise convolution as a dense one: every filter is one kernel over depth x height x width that slides along the channels, so
 * that the rows of the dense kernel are copies of it, each moved by the stride. Three large products cost less than many small ones.
 *
 * Moving without a loop: rows of the band's breadth plus one stride, one behind the other, are read as rows of the breadth alone.
 */
import type { Op } from '../../../../graph/operations/ops.js';
import { elementCount } from '../../../../graph/shape.js';
import type { Tensor } from '../../model.js';
import type { TensorOps } from '../../tensor-ops.js';

/** The convolution in one group that does the same to `outChannels` channels. */
export const denseForm = (op: Op<'channelConv'>, outChannels: number): Op<'conv2d'> => {
  const [, height, width] = op.kernel;
  return {
    kind: 'conv2d',
    outChannels,
    kernel: [height, width],
    stride: [1, 1],
    padding: [0, 0],
    dilation: [1, 1],
    groups: 1,
    bias: false,
  };
};

interface Band {
  /** Kernels of `filters` filters, [filters, depth, height, width] -> [1, filters * maps, channels * height * width]. */
  widen(ops: TensorOps, kernels: Tensor, filters: number): Tensor;
  /** The transpose of `widen`. */
  narrow(ops: TensorOps, dense: Tensor, filters: number): Tensor;
}

/** `channels` come in, and every filter gives `maps`. */
export const bandOf = (op: Op<'channelConv'>, channels: number, maps: number): Band => {
  const [depth, height, width] = op.kernel;
  const cells = height * width;
  const taps = elementCount(op.kernel);
  const step = op.channelStride * cells;
  const left = op.channelPadding[0] * cells;
  const inputs = channels * cells;
  /** From the first channel of the first map to the last of the last, padding included. */
  const breadth = ((maps - 1) * op.channelStride + depth) * cells;
  const right = breadth - left - inputs;
  const end = maps * breadth;
  return {
    widen: (ops, kernels, filters) => {
      const rows = ops.pad(ops.reshape(kernels, filters, 1, taps), [0, 0, 0], [0, 0, breadth + step - taps]);
      const repeated = ops.reshape(
        ops.expand(rows, filters, maps, breadth + step),
        filters,
        maps * (breadth + step),
      );
      const moved = ops.reshape(ops.slice(repeated, 1, 0, end), filters, maps, breadth);
      return ops.reshape(ops.pad(moved, [0, 0, -left], [0, 0, -right]), 1, filters * maps, inputs);
    },
    narrow: (ops, dense, filters) => {
      const moved = ops.pad(ops.reshape(dense, filters, maps, inputs), [0, 0, left], [0, 0, right]);
      const repeated = ops.pad(ops.reshape(moved, filters, end), [0, 0], [0, maps * step]);
      const rows = ops.slice(ops.reshape(repeated, filters, maps, breadth + step), 2, 0, taps);
      return ops.sum(rows, 1);
    },
  };
};
