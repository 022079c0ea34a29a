/**
 * Depthwise convolution as products with an expanded kernel. The input is seen as windows V [C, rows, extent]: whole images
 * (rows = N, extent = H W) where maps are small, else the kernel's rows of the map side by side (rows = N H', extent = kh W).
 * A kernel becomes a matrix [C, extent, outputs * reach] through a constant 0/1 tensor that says which tap joins which input
 * of the window to which output: y = V . T, and every gradient is a product with V or T and a projection onto the taps.
 */
import { elementCount } from '../../../graph/shape.js';
import type { Tensor } from '../model.js';
import type { TensorOps } from '../tensor-ops.js';
import type { Convolution, Geometry, InputGradient } from './convolution.js';

/** Largest map, in pixels, that is taken whole, and widest map that is taken by rows: above, the zeros in T cost more than they save. */
const WHOLE_PIXELS = 64;
const WIDEST_ROW = 32;

export const windowsFit = ({ input, groups, kernel }: Geometry): boolean =>
  groups === input[0] && elementCount(kernel) > 1 && input[2] <= WIDEST_ROW;

export const windows = (ops: TensorOps, x: Tensor, geometry: Geometry): Convolution => {
  const { batch, input, output, groups, kernel } = geometry;
  const view = input[1] * input[2] <= WHOLE_PIXELS ? wholeImages(geometry) : kernelRows(geometry);
  const { rows, extent, reach } = view;
  const outputs = output[0] / groups;
  const taps = elementCount(kernel);
  const joins = ops.model.constant(view.joins, [taps, extent * reach]);
  const joinsTransposed = ops.model.constant(transposed(view.joins, taps), [extent * reach, taps]);
  const windowed = ops.reshape(view.unfold(ops, x), groups, rows, extent);

  /** Weights [C, outputs, taps] -> T [C, extent, outputs * reach]. */
  const expand = (weights: Tensor): Tensor => {
    const matrices = ops.matMul(ops.reshape(weights, groups * outputs, taps), joins);
    if (outputs === 1) return ops.reshape(matrices, groups, extent, reach);
    const split = ops.transpose(ops.reshape(matrices, groups, outputs, extent, reach), 0, 2, 1, 3);
    return ops.reshape(split, groups, extent, outputs * reach);
  };
  /** y [C', L'] -> [C, rows, outputs * reach]. */
  const toRows = (y: Tensor): Tensor => {
    if (outputs === 1) return ops.reshape(y, groups, rows, reach);
    const swapped = ops.transpose(ops.reshape(y, groups, outputs, rows, reach), 0, 2, 1, 3);
    return ops.reshape(swapped, groups, rows, outputs * reach);
  };
  const fromRows = (y: Tensor): Tensor => {
    const length = batch * output[1] * output[2];
    if (outputs === 1) return ops.reshape(y, groups, length);
    return ops.reshape(
      ops.transpose(ops.reshape(y, groups, rows, outputs, reach), 0, 2, 1, 3),
      output[0],
      length,
    );
  };

  return {
    groups,
    outputs,
    taps,
    forward: (weights, offset) => {
      const y = fromRows(ops.matMul(windowed, expand(weights)));
      return offset === undefined ? y : ops.add(y, ops.reshape(offset, output[0], 1));
    },
    weightGradient: (gradient) => {
      const length = outputs * reach;
      const turned = ops.transpose(toRows(gradient), 0, 2, 1);
      const met = ops.transpose(ops.reshape(ops.matMul(turned, windowed), groups, length, extent), 0, 2, 1);
      const perOutput = ops.transpose(ops.reshape(met, groups, extent, outputs, reach), 0, 2, 1, 3);
      const projected = ops.matMul(ops.reshape(perOutput, groups * outputs, extent * reach), joinsTransposed);
      return ops.reshape(projected, groups, outputs, taps);
    },
    inputGradient: ({ weights, gradient, quadratic }: InputGradient) => {
      const turnedKernel = ops.transpose(expand(weights), 0, 2, 1);
      if (!quadratic) return view.fold(ops, ops.matMul(toRows(gradient), turnedKernel));
      const pairs = ops.model.constant(view.pairs(), [extent * extent, taps * taps]);
      const curvature = ops.matMulTransB(ops.reshape(quadratic.matrix, groups, taps * taps), pairs);
      const factors = ops.concat(1, [turnedKernel, ops.reshape(curvature, groups, extent, extent)]);
      const both = ops.matMul(ops.concat(2, [toRows(gradient), windowed]), factors);
      const reached = ops.model.constant(view.counts(), [extent, taps]);
      const offsets = ops.matMulTransB(ops.reshape(quadratic.offset, groups, taps), reached);
      return view.fold(ops, ops.add(both, ops.reshape(offsets, groups, 1, extent)));
    },
    moments: () => {
      const gram = ops.matMulTransA(windowed, windowed);
      const pairs = ops.model.constant(view.pairs(), [extent * extent, taps * taps]);
      const products = ops.matMul(ops.reshape(gram, groups, extent * extent), pairs);
      const reached = ops.model.constant(view.counts(), [extent, taps]);
      const sums = ops.matMul(ops.sum(windowed, 1), reached);
      return {
        sums: ops.reshape(sums, groups, taps, 1),
        products: ops.reshape(products, groups, taps, taps),
      };
    },
  };
};

interface View {
  readonly rows: number;
  readonly extent: number;
  readonly reach: number;
  /** [taps, extent, reach]: 1 where the tap joins that input of the window to that output. */
  readonly joins: Float32Array;
  /** [extent, extent, taps, taps]: at how many outputs two taps read these two inputs of the window. */
  pairs(): Float32Array;
  /** [extent, taps]: at how many outputs the tap reads this input of the window. */
  counts(): Float32Array;
  unfold(ops: TensorOps, x: Tensor): Tensor;
  /** The transpose of `unfold`: [C, rows, extent] -> [C, N H W]. */
  fold(ops: TensorOps, v: Tensor): Tensor;
}

interface Join {
  readonly tap: number;
  readonly from: number;
  readonly to: number;
}

const wholeImages = (geometry: Geometry): View => {
  const { batch, input, output, kernel } = geometry;
  const [channels, height, width] = input;
  const across = axisJoins(geometry, 1);
  const joins = axisJoins(geometry, 0).flatMap((down) =>
    across.map((side) => ({
      tap: down.tap * kernel[1] + side.tap,
      from: down.from * width + side.from,
      to: down.to * output[2] + side.to,
    })),
  );
  return {
    rows: batch,
    ...joinTables(joins, elementCount(kernel), height * width, output[1] * output[2]),
    unfold: (_ops, x) => x,
    fold: (ops, v) => ops.reshape(v, channels, batch * height * width),
  };
};

const kernelRows = (geometry: Geometry): View => {
  const { batch, input, output, kernel } = geometry;
  const [, , width] = input;
  const across = axisJoins(geometry, 1);
  const joins = Array.from({ length: kernel[0] }, (_, row) =>
    across.map(({ tap, from, to }) => ({ tap: row * kernel[1] + tap, from: row * width + from, to })),
  ).flat();
  return {
    rows: batch * output[1],
    ...joinTables(joins, elementCount(kernel), kernel[0] * width, output[2]),
    unfold: (ops, x) => unfoldRows(ops, x, geometry),
    fold: (ops, v) => foldRows(ops, v, geometry),
  };
};

/** Which input position each tap reads for each output position, along one axis; padding is left out. */
const axisJoins = (geometry: Geometry, axis: 0 | 1): readonly Join[] => {
  const size = geometry.input[axis + 1] ?? 0;
  const outputs = geometry.output[axis + 1] ?? 0;
  return Array.from({ length: geometry.kernel[axis] }, (_, tap) =>
    Array.from({ length: outputs }, (_, to) => ({
      tap,
      to,
      from: to * geometry.stride[axis] - geometry.padding[axis] + tap * geometry.dilation[axis],
    })),
  )
    .flat()
    .filter(({ from }) => from >= 0 && from < size);
};

const joinTables = (joins: readonly Join[], taps: number, extent: number, reach: number) => {
  const table = new Float32Array(taps * extent * reach);
  for (const { tap, from, to } of joins) table[(tap * extent + from) * reach + to] = 1;
  return {
    extent,
    reach,
    joins: table,
    counts: () => {
      const counts = new Float32Array(extent * taps);
      for (const { tap, from } of joins) increment(counts, from * taps + tap);
      return counts;
    },
    pairs: () => {
      const pairs = new Float32Array(extent * extent * taps * taps);
      const byOutput = Array.from({ length: reach }, (_, to) => joins.filter((join) => join.to === to));
      for (const meeting of byOutput) {
        for (const a of meeting) {
          for (const b of meeting)
            increment(pairs, ((a.from * extent + b.from) * taps + a.tap) * taps + b.tap);
        }
      }
      return pairs;
    },
  };
};

const increment = (table: Float32Array, index: number): void => {
  table[index] = (table[index] ?? 0) + 1;
};

const transposed = (matrix: Float32Array, rows: number): Float32Array => {
  const columns = matrix.length / rows;
  return Float32Array.from(matrix, (_, i) => matrix[(i % rows) * columns + Math.floor(i / rows)] ?? 0);
};

/** Rows lie side by side already where the kernel's rows tile the map. */
const rowsTile = ({ input, output, kernel, stride, padding, dilation }: Geometry): boolean =>
  kernel[0] === stride[0] && padding[0] === 0 && dilation[0] === 1 && input[1] === output[1] * stride[0];

const unfoldRows = (ops: TensorOps, x: Tensor, geometry: Geometry): Tensor => {
  const { batch, input, output, kernel, stride, padding, dilation } = geometry;
  const [channels, height, width] = input;
  if (rowsTile(geometry)) return x;
  const sides = [0, 0, padding[0], 0];
  const padded = ops.pad(ops.reshape(x, channels, batch, height, width), sides, sides);
  const rows = Array.from({ length: kernel[0] }, (_, row) => {
    const first = row * dilation[0];
    return ops.slice(padded, 2, first, first + (output[1] - 1) * stride[0] + 1, stride[0]);
  });
  return ops.concat(3, rows);
};

const foldRows = (ops: TensorOps, v: Tensor, geometry: Geometry): Tensor => {
  const { batch, input, output, kernel, stride, padding, dilation } = geometry;
  const [channels, height, width] = input;
  const length = batch * height * width;
  if (rowsTile(geometry)) return ops.reshape(v, channels, length);
  const parts = ops.split(
    ops.reshape(v, channels * batch, output[1], kernel[0] * width),
    2,
    Array.from({ length: kernel[0] }, () => width),
  );
  const placed = parts.map((part, row) => {
    const spread =
      stride[0] === 1
        ? part
        : ops.reshape(
            ops.pad(
              ops.reshape(part, channels * batch, output[1], 1, width),
              [0, 0, 0, 0],
              [0, 0, stride[0] - 1, 0],
            ),
            channels * batch,
            output[1] * stride[0],
            width,
          );
    const top = row * dilation[0] - padding[0];
    const bottom = height - (output[1] * stride[0] + top);
    return ops.pad(spread, [0, top, 0], [0, bottom, 0]);
  });
  return ops.reshape(ops.total(placed), channels, length);
};
