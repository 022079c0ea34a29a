/**
 * Second moments of depthwise windows, and the gradient that goes through them, by the blocked convolution: what sums of normalised
 * depthwise branches (RepSO) need. Kernels of 1 or 3 a side, stride 1, maps that keep their size.
 *
 * For taps a and b, offsets from the centre, the moment is S[a, b] = sum over pixels p of x[p + a] x[p + b], x zero outside the map.
 * Over all p that is the autocorrelation R[b - a]. Pixels outside the map are counted too many: where both taps look one row down,
 * p above the map meets the first row twice, and so the first row's own autocorrelation comes off; likewise last row, first and last
 * column; a corner has come off twice and is put back. Backwards alike: sum Q[a, b] x[q + b - a] is a 5x5 convolution, from whose
 * outermost rows and columns a convolution along them comes off.
 */
import type { Pair } from '../../../../graph/operations/ops.js';
import type { Tensor } from '../../model.js';
import type { TensorOps } from '../../tensor-ops.js';
import { blockedConvolution } from '../convolution/blocked.js';
import type { MomentConvolution, QuadraticInputGradient } from '../convolution/convolution.js';
import { depthwise, depthwiseFits, forImages } from '../convolution/depthwise.js';
import type { Geometry } from '../convolution/geometry.js';
import { windowTables } from './window-tables.js';

export const depthwiseMomentsFit = (block: number | null, geometry: Geometry): boolean => {
  const { input, output, kernel, stride, dilation, padding } = geometry;
  const along = (axis: 0 | 1): boolean =>
    (kernel[axis] === 1 || kernel[axis] === 3) &&
    padding[axis] === (kernel[axis] - 1) / 2 &&
    stride[axis] === 1 &&
    dilation[axis] === 1 &&
    input[axis === 0 ? 1 : 2] > 1;
  return depthwiseFits(block, geometry) && output[0] === input[0] && along(0) && along(1);
};

export const depthwiseMoments = (ops: TensorOps, x: Tensor, geometry: Geometry): MomentConvolution => {
  const { batch, lanes, groups: channels, input, kernel } = geometry;
  const [, height, width] = input;
  const blocks = batch / lanes;
  const base = depthwise(ops, x, geometry);
  const { taps } = base;
  const tables = windowTables(kernel);
  const table = ({ values, shape }: ReturnType<typeof tables.moments>): Tensor =>
    ops.model.constant(values, shape);

  const map = ops.reshape(x, channels, blocks, height, width, lanes);
  const rows = ops.slice(map, 2, 0, height, height - 1);
  const column = (first: number): Tensor =>
    ops.reshape(ops.slice(map, 3, first, first + 1), channels, blocks, 1, height, lanes);
  /** First and last row, first and last column, the shorter ones filled up: [channels, blocks, 4, length, lanes]. */
  const length = Math.max(height, width);
  const filled = (line: Tensor, own: number): Tensor =>
    ops.pad(line, [0, 0, 0, 0, 0], [0, 0, 0, length - own, 0]);
  const lines = ops.concat(2, [
    filled(rows, width),
    filled(column(0), height),
    filled(column(width - 1), height),
  ]);
  const corners = ops.slice(rows, 3, 0, width, width - 1);
  const lineSite = { channels: 4 * channels * batch, input: [1, length] } as const;

  const moments = () => {
    const site = { channels: channels * batch, input: [height, width], kernel: [height, width] } as const;
    const whole = blockedConvolution(ops, x, x, { ...site, before: [0, 2], after: [2, 2] });
    const alongLines = blockedConvolution(ops, lines, lines, {
      ...lineSite,
      kernel: [1, length],
      after: [0, 2],
    });
    /** The last axis summed: [channels, blocks, size]. */
    const summed = (tensor: Tensor, size: number, last = lanes): Tensor =>
      ops.sum(ops.reshape(tensor, channels, blocks, size, last), 3);
    const perBlock = ops.concat(2, [
      summed(whole, 15),
      summed(alongLines, 12),
      summed(ops.mul(corners, corners), 4),
      summed(x, 1, height * width * lanes),
      summed(lines, 4, length * lanes),
      summed(corners, 4),
    ]);
    const [squares = perBlock, values = perBlock] = ops.split(ops.sum(perBlock, 1), 1, [31, 9]);
    return {
      sums: ops.reshape(ops.matMul(values, table(tables.sums())), channels, taps, 1),
      products: ops.reshape(ops.matMul(squares, table(tables.moments())), channels, taps, taps),
    };
  };

  const inputGradient = ({ weights, gradient, quadratic }: QuadraticInputGradient): Tensor => {
    if (!quadratic) return base.inputGradient({ weights, gradient });
    const curvature = ops.matMul(
      ops.reshape(quadratic.matrix, channels, taps * taps),
      table(tables.curvature()),
    );
    const [whole = curvature, inLines = curvature, inCorners = curvature] = ops.split(
      curvature,
      1,
      [25, 20, 4],
    );
    const constants = ops.matMul(ops.reshape(quadratic.offset, channels, taps), table(tables.offsets()));
    const [everywhere = constants, atLines = constants, atCorners = constants] = ops.split(
      constants,
      1,
      [1, 4, 4],
    );

    const alongLines = blockedConvolution(
      ops,
      lines,
      forImages(ops, inLines, { channels, taps: 20, blocks, lanes }),
      { ...lineSite, kernel: [1, 5], before: [0, 2], after: [0, 2] },
    );
    const offLines = ops.add(
      ops.reshape(alongLines, channels, blocks, 4, length * lanes),
      ops.reshape(atLines, channels, 1, 4, 1),
    );
    const putBack = ops.add(
      ops.mul(ops.reshape(corners, channels, blocks, 4, lanes), ops.reshape(inCorners, channels, 1, 4, 1)),
      ops.reshape(atCorners, channels, 1, 4, 1),
    );
    const frame = framed(ops, {
      lines: ops.reshape(offLines, channels * blocks, 4 * length, lanes),
      corners: ops.reshape(putBack, channels * blocks, 4, lanes),
      length,
      map: [height, width],
    });
    const curved = blockedConvolution(ops, x, forImages(ops, whole, { channels, taps: 25, blocks, lanes }), {
      channels: channels * batch,
      input: [height, width],
      kernel: [5, 5],
      before: [2, 2],
      after: [2, 2],
      bias: ops.repeat(everywhere, channels, batch),
      onto: frame,
    });
    return base.inputGradient({ weights, gradient }, curved);
  };

  return { ...base, moments, inputGradient };
};

interface Frame {
  /** First and last row, first and last column: [maps, 4 * length, lanes]. */
  readonly lines: Tensor;
  /** [maps, 4, lanes], row by row. */
  readonly corners: Tensor;
  readonly length: number;
  readonly map: Pair;
}

/** Lines and corners each where it belongs, and zeros inside: [maps, H W, lanes]. Where they meet they are added. */
const framed = (ops: TensorOps, { lines, corners, length, map: [height, width] }: Frame): Tensor => {
  const inRow = (row: 0 | 1, column: number): number => row * length + column;
  const inColumn = (column: 0 | 1, row: number): number => (2 + column) * length + row;
  const [first, last] = [0, 1] as const;
  const ends = [
    ops.gather(
      lines,
      1,
      [first, last].flatMap((row) => [inRow(row, 0), inRow(row, width - 1)]),
    ),
    ops.gather(
      lines,
      1,
      [0, height - 1].flatMap((row) => [inColumn(first, row), inColumn(last, row)]),
    ),
  ];
  const met = ops.pad(ops.total([corners, ...ends]), [0, 0, 0], [0, 1, 0]);
  const sourceOf = (row: number, column: number): number => {
    const [atRow, atColumn] = [endOf(row, height), endOf(column, width)];
    if (atRow !== null && atColumn !== null) return 4 * length + 2 * atRow + atColumn;
    if (atRow !== null) return inRow(atRow, column);
    if (atColumn !== null) return inColumn(atColumn, row);
    return 4 * length + 4;
  };
  const places = Array.from({ length: height * width }, (_, pixel) =>
    sourceOf(Math.floor(pixel / width), pixel % width),
  );
  return ops.gather(ops.concat(1, [lines, met]), 1, places);
};

/** Whether a line is the first (0) or the last (1) of so many; null between. */
const endOf = (line: number, lines: number): 0 | 1 | null => (line === 0 ? 0 : line === lines - 1 ? 1 : null);
