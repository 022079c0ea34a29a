/** Convolution over patches written out (im2col): any kernel, stride, dilation and grouping; free where the kernel is 1x1. */
import type { Pair } from '../../../../graph/operations/ops.js';
import { elementCount } from '../../../../graph/shape.js';
import type { Tensor } from '../../model.js';
import type { TensorOps } from '../../tensor-ops.js';
import { offsetOnto, pairProducts, rowProducts } from '../normalisation/row-passes.js';
import type { MomentConvolution, QuadraticInputGradient } from './convolution.js';
import type { Geometry } from './geometry.js';

export const patches = (ops: TensorOps, x: Tensor, geometry: Geometry): MomentConvolution => {
  const { batch, input, output, groups } = geometry;
  const outputs = output[0] / groups;
  const taps = (input[0] / groups) * elementCount(geometry.kernel);
  const length = batch * output[1] * output[2];
  const unfolded = ops.reshape(unfold(ops, x, geometry), groups, taps, length);
  const grouped = (gradient: Tensor): Tensor => ops.reshape(gradient, groups, outputs, length);

  return {
    groups,
    outputs,
    taps,
    forward: (weights, offset) => {
      if (offset === undefined) return ops.reshape(ops.matMul(weights, unfolded), output[0], length);
      if (outputs <= taps) {
        const y = ops.reshape(ops.matMul(weights, unfolded), output[0], length);
        return ops.add(y, ops.reshape(offset, output[0], 1));
      }
      // A row of ones on the narrow side costs less than a pass over the wide one.
      const ones = ops.model.constant(new Float32Array(groups * length).fill(1), [groups, 1, length]);
      const product = ops.matMul(ops.concat(2, [weights, offset]), ops.concat(1, [unfolded, ones]));
      return ops.reshape(product, output[0], length);
    },
    weightGradient: (gradient) =>
      rowProducts(ops, grouped(gradient), unfolded, { groups, m: outputs, n: taps, length }),
    inputGradient: ({ weights, gradient, quadratic }: QuadraticInputGradient) => {
      const linear = ops.matMulTransA(weights, grouped(gradient));
      if (!quadratic) return fold(ops, linear, geometry);
      const curved = ops.matMul(quadratic.matrix, unfolded);
      const rows = { channels: groups * taps, length };
      return fold(ops, offsetOnto(ops, curved, quadratic.offset, linear, rows), geometry);
    },
    moments: () => ({
      sums: ops.sum(unfolded, 2, true),
      products:
        taps === 2
          ? pairProducts(ops, unfolded, groups, length)
          : rowProducts(ops, unfolded, unfolded, { groups, m: taps, n: taps, length }),
    }),
  };
};

const isPointwise = ({ kernel, stride, padding }: Geometry): boolean =>
  [...kernel, ...stride].every((n) => n === 1) && padding.every((n) => n === 0);

/** Row and column offset of every tap of the kernel in the padded input. */
const tapOffsets = ({ kernel, dilation }: Geometry): readonly (readonly [number, number])[] =>
  Array.from({ length: elementCount(kernel) }, (_, tap) => [
    Math.floor(tap / kernel[1]) * dilation[0],
    (tap % kernel[1]) * dilation[1],
  ]);

/** x [C, N H W] -> [C, taps, N H' W']; zeros, or `fill`, outside the map. */
export const unfold = (ops: TensorOps, x: Tensor, geometry: Geometry, fill = 0): Tensor => {
  const { batch, lanes, input, output, stride, padding } = geometry;
  const [channels, height, width] = input;
  if (isPointwise(geometry)) return x;
  const sides = [0, 0, ...padding, 0];
  const map = ops.reshape(x, channels, batch / lanes, height, width, lanes);
  const padded = ops.pad(map, sides, sides, fill);
  const shifted = tapOffsets(geometry).map(([row, column]) => {
    const rows = ops.slice(padded, 2, row, row + (output[1] - 1) * stride[0] + 1, stride[0]);
    const cells = ops.slice(rows, 3, column, column + (output[2] - 1) * stride[1] + 1, stride[1]);
    return ops.reshape(cells, channels, 1, batch * output[1] * output[2]);
  });
  return ops.concat(1, shifted);
};

/** The transpose of `unfold`: [C, taps, N H' W'] -> [C, N H W], every tap's values added where they were taken from. */
export const fold = (ops: TensorOps, patchGradient: Tensor, geometry: Geometry): Tensor => {
  const { batch, lanes, input, output } = geometry;
  const [channels, height, width] = input;
  const length = batch * height * width;
  if (isPointwise(geometry)) return ops.reshape(patchGradient, channels, length);
  const offsets = tapOffsets(geometry);
  const perTap = ops.split(
    ops.reshape(patchGradient, channels, offsets.length, batch * output[1] * output[2]),
    1,
    offsets.map(() => 1),
  );
  const placed = perTap.map((tap, index) => {
    const [row, column] = offsets[index] ?? [0, 0];
    const grid = ops.reshape(tap, (channels * batch) / lanes, output[1], output[2], lanes);
    return placeGrid(ops, grid, geometry, row, column);
  });
  return ops.reshape(ops.total(placed), channels, length);
};

/** Puts [blocks, H', W', lanes] onto zeros [blocks, H, W, lanes], `stride` apart, the first at (row, column) of the padded map. */
const placeGrid = (ops: TensorOps, x: Tensor, geometry: Geometry, row: number, column: number): Tensor => {
  const { batch, lanes, input, output, stride, padding } = geometry;
  const blocks = (input[0] * batch) / lanes;
  const spread = spreadOut(ops, x, [blocks, output[1], output[2], lanes], stride);
  const top = row - padding[0];
  const left = column - padding[1];
  const bottom = input[1] - (output[1] * stride[0] + top);
  const right = input[2] - (output[2] * stride[1] + left);
  return ops.pad(spread, [0, top, left, 0], [0, bottom, right, 0]);
};

/** Zeros between neighbours: [blocks, H', W', lanes] -> [blocks, H' * s, W' * s, lanes]. */
export const spreadOut = (
  ops: TensorOps,
  x: Tensor,
  [blocks, height, width, lanes]: readonly [number, number, number, number],
  [down, across]: Pair,
): Tensor => {
  if (down === 1 && across === 1) return ops.reshape(x, blocks, height, width, lanes);
  const cells = ops.reshape(x, blocks * height, 1, width, lanes);
  const spread = ops.pad(cells, [0, 0, 0, 0], [0, down - 1, 0, (across - 1) * lanes]);
  return ops.reshape(spread, blocks, height * down, width * across, lanes);
};
