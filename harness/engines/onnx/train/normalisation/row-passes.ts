/** Products of and passes over the rows of [channels, length], by the blocked convolution where the rows divide into its blocks. */
import type { Pair } from '../../../../graph/operations/ops.js';
import type { Tensor } from '../../model.js';
import type { TensorOps } from '../../tensor-ops.js';
import { type BlockedConvolution, blockedConvolution } from '../convolution/blocked.js';
import { activate, type FusableActivation } from '../maps/activations.js';

export interface Rows {
  readonly channels: number;
  readonly length: number;
}

/** Time in which the product lays a value of its second factor ready, in its multiply-accumulates. */
const PACKING_IN_MACS = 11;

/** Rows of the second factor that the product computes at once. */
const ROWS_AT_ONCE = 16;

/** Pairs of rows up to which so many dot products take less time than one product of matrices. */
const FEW_PAIRS = 16;

/** Of a column of a product of `first` rows with `second` rows, in multiply-accumulates. */
export const productCost = (first: number, second: number): number =>
  PACKING_IN_MACS * second + first * ROWS_AT_ONCE * Math.ceil(second / ROWS_AT_ONCE);

interface RowGroups {
  readonly groups: number;
  readonly m: number;
  readonly n: number;
  readonly length: number;
}

/** a b^T of rows a [groups, m, length] and b [groups, n, length]: as dot products, as it is, or as b a^T turned, by what costs least. */
export const rowProducts = (ops: TensorOps, a: Tensor, b: Tensor, rows: RowGroups): Tensor => {
  const { m, n, length } = rows;
  const { block } = ops;
  if (block !== null && length % block === 0 && m * n <= FEW_PAIRS) return rowDots(ops, a, b, rows, block);
  if (productCost(m, n) <= productCost(n, m)) return ops.matMulTransB(a, b);
  return ops.transpose(ops.matMulTransB(b, a), 0, 2, 1);
};

/**
 * By the blocked convolution: the rows of a are those of a kernel, n apart, on a map of the rows of b. From place to place one row of
 * the kernel meets one row of the map, the last row first.
 */
const rowDots = (
  ops: TensorOps,
  a: Tensor,
  b: Tensor,
  { groups, m, n, length }: RowGroups,
  block: number,
): Tensor => {
  const columns = length / block;
  const beyond: Pair = [n * (m - 1), 0];
  const met = blockedConvolution(ops, b, a, {
    channels: groups * block,
    input: [n, columns],
    kernel: [m, columns],
    dilation: [n, 1],
    before: beyond,
    after: beyond,
  });
  const sums = ops.reshape(ops.sum(ops.reshape(met, groups, m * n, block), 2), groups, m, n);
  if (m === 1) return sums;
  return ops.gather(
    sums,
    1,
    Array.from({ length: m }, (_, row) => m - 1 - row),
  );
};

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

/** x x^T of pairs of rows [pairs, 2, length]: [pairs, 2, 2]. So small a product is mostly packing; passes are not. */
export const pairProducts = (ops: TensorOps, x: Tensor, pairs: number, length: number): Tensor => {
  const { block } = ops;
  if (block === null || length % block !== 0) return ops.matMulTransB(x, x);
  const squares = rowDot(ops, x, x, { channels: 2 * pairs, length });
  const map: Pair = [2, length / block];
  // One row further down, the second row of a pair meets the first.
  const met = blockedConvolution(ops, x, x, {
    channels: pairs * block,
    input: map,
    kernel: map,
    after: [1, 0],
  });
  const sums = ops.sum(ops.reshape(met, pairs, 2, block), 2);
  const all = ops.concat(1, [ops.reshape(squares, pairs, 2), sums]);
  return ops.reshape(ops.gather(all, 1, [0, 3, 3, 1]), pairs, 2, 2);
};

interface Affine {
  readonly factor: Tensor;
  readonly offset: Tensor;
}

/** factor[c] x[c, l] + offset[c], activated, in one pass. */
export const affine = (
  ops: TensorOps,
  x: Tensor,
  { factor, offset, activation }: Affine & { readonly activation: FusableActivation | null },
  { channels, length }: Rows,
): Tensor => {
  const { block } = ops;
  if (activation === null) return ops.affine(x, factor, offset, channels, length);
  if (block === null || length % block !== 0)
    return activate(ops, ops.affine(x, factor, offset, channels, length), activation).output;
  return rowPass(
    ops,
    x,
    ops.repeat(factor, channels, block),
    { channels, length, block },
    {
      bias: ops.repeat(offset, channels, block),
      activation,
    },
  );
};

/** The blocked convolution of one tap: rows are cut into lanes, each with its kernel. */
const rowPass = (
  ops: TensorOps,
  x: Tensor,
  kernels: Tensor,
  { channels, length, block }: Rows & { readonly block: number },
  further: Pick<BlockedConvolution, 'bias' | 'onto' | 'activation'>,
): Tensor => {
  const y = blockedConvolution(ops, x, kernels, {
    channels: channels * block,
    input: [1, length / block],
    kernel: [1, 1],
    ...further,
  });
  return ops.reshape(y, channels, length);
};

/** factor[c] x[c, l] + offset[c] + onto[c, l], in one pass. */
export const scaledOnto = (
  ops: TensorOps,
  x: Tensor,
  { factor, offset }: Affine,
  onto: Tensor,
  { channels, length }: Rows,
): Tensor => {
  const { block } = ops;
  if (block === null || length % block !== 0)
    return ops.add(ops.affine(x, factor, offset, channels, length), onto);
  return rowPass(
    ops,
    x,
    ops.repeat(factor, channels, block),
    { channels, length, block },
    {
      bias: ops.repeat(offset, channels, block),
      onto,
    },
  );
};

/** Sum of one or more tensors [channels, length]: by the blocked convolution in half the time of an Add. */
export const rowSum = (ops: TensorOps, tensors: readonly Tensor[], { channels, length }: Rows): Tensor => {
  const { block } = ops;
  if (block === null || length % block !== 0) return ops.total(tensors);
  return tensors.reduce((sum, tensor) =>
    rowPass(ops, sum, ones(ops, channels * block), { channels, length, block }, { onto: tensor }),
  );
};

const ones = (ops: TensorOps, count: number): Tensor => ops.model.constant(new Float32Array(count).fill(1));

/** x[c, l] + offset[c] + onto[c, l], in one pass. */
export const offsetOnto = (
  ops: TensorOps,
  x: Tensor,
  offset: Tensor,
  onto: Tensor,
  { channels, length }: Rows,
): Tensor => {
  const { block } = ops;
  if (block === null || length % block !== 0) {
    const column = ops.reshape(offset, channels, 1);
    return ops.add(ops.add(ops.reshape(x, channels, length), column), ops.reshape(onto, channels, length));
  }
  return rowPass(
    ops,
    x,
    ones(ops, channels * block),
    { channels, length, block },
    {
      bias: ops.repeat(offset, channels, block),
      onto,
    },
  );
};
