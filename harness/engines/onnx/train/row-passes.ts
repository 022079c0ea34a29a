/** Passes over the rows of [channels, length], by the blocked convolution where the rows divide into its blocks. */
import type { Tensor } from '../model.js';
import type { TensorOps } from '../tensor-ops.js';
import { blockedConvolution } from './blocked.js';

interface Rows {
  readonly channels: number;
  readonly length: number;
}

/** sum_l x[c, l] y[c, l] -> [channels]: one pass, which writes nothing. */
export const rowDot = (ops: TensorOps, x: Tensor, y: Tensor, { channels, length }: Rows): Tensor => {
  const { block } = ops;
  if (block === null || length % block !== 0) return ops.sum(ops.mul(x, y), 1);
  const columns = length / block;
  const parts = blockedConvolution(ops, x, y, {
    channels: channels * block,
    input: [1, columns],
    kernel: [1, columns],
  });
  return ops.sum(ops.reshape(parts, channels, block), 1);
};

/** scale[c] x[c, l] + onto[c, l], in one pass. */
export const scaledOnto = (
  ops: TensorOps,
  x: Tensor,
  scale: Tensor,
  onto: Tensor,
  { channels, length }: Rows,
): Tensor => {
  const { block } = ops;
  if (block === null || length % block !== 0)
    return ops.add(ops.mul(x, ops.reshape(scale, channels, 1)), onto);
  const sum = blockedConvolution(ops, x, ops.expand(ops.reshape(scale, channels, 1), channels, block), {
    channels: channels * block,
    input: [1, length / block],
    kernel: [1, 1],
    onto,
  });
  return ops.reshape(sum, channels, length);
};
