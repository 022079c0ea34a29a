/** Kernels as arrays [out, in / groups, height, width], in float64. */
import type { Op } from '../graph/operations/ops.js';
import type { Axis, Taps } from './taps.js';

/** A kernel and the convolution that it is of. */
export interface Kernel {
  readonly op: Op<'conv2d'>;
  readonly values: Float64Array;
}

/** A kernel with zeros between and around its taps, so that it fills one with a tap on each of them. */
export const embedded = ({ op, values }: Kernel, into: Taps): Float64Array => {
  const place = (tap: number, axis: Axis): number =>
    (tap * op.dilation[axis] - op.padding[axis] + into.padding[axis]) / into.dilation[axis];
  const [size, newSize] = [tapCount(op), tapCount(into)];
  const result = new Float64Array((values.length / size) * newSize);
  for (const [tap, row, column] of eachTap(op)) {
    const target = place(row, 0) * into.kernel[1] + place(column, 1);
    for (let plane = 0; plane * size < values.length; plane++) {
      result[plane * newSize + target] = values[plane * size + tap] ?? Number.NaN;
    }
  }
  return result;
};

/** The same kernel for fewer groups, which divide those it has: zeros where a channel is of another group. */
export const regrouped = ({ op, values }: Kernel, groups: number): Float64Array => {
  const row = values.length / op.outChannels;
  const newRow = (row * op.groups) / groups;
  const result = new Float64Array(newRow * op.outChannels);
  for (let out = 0; out < op.outChannels; out++) {
    const group = Math.floor((out * op.groups) / op.outChannels);
    result.set(values.subarray(out * row, (out + 1) * row), out * newRow + ((group * row) % newRow));
  }
  return result;
};

/** The kernel of `op` that does what the first does and then the second. Its groups divide theirs, and it has a tap for all of theirs. */
export const composed = (second: Kernel, first: Kernel, op: Op<'conv2d'>): Float64Array => {
  const outer = planesOf(second, op.groups);
  const inner = planesOf(first, op.groups);
  const place = (a: number, b: number, axis: Axis): number =>
    (a * second.op.dilation[axis] * first.op.stride[axis] + b * first.op.dilation[axis]) / op.dilation[axis];
  const size = tapCount(op);
  const result = new Float64Array(op.outChannels * inner.inputs * size);
  for (const [outerTap, outerRow, outerColumn] of eachTap(second.op)) {
    for (const [innerTap, innerRow, innerColumn] of eachTap(first.op)) {
      const tap = place(outerRow, innerRow, 0) * op.kernel[1] + place(outerColumn, innerColumn, 1);
      const product = matrixProduct(outer.at(outerTap), inner.at(innerTap), op.groups, outer.inputs);
      for (const [i, value] of product.entries()) {
        result[i * size + tap] = (result[i * size + tap] ?? Number.NaN) + value;
      }
    }
  }
  return result;
};

/** What a convolution without padding gives for a map that has the same value in every pixel of a channel. */
export const responseTo = (kernel: Kernel, channels: Float64Array): Float64Array => {
  const { op } = kernel;
  const constant: Kernel = {
    op: { ...op, ...POINT, outChannels: channels.length, stride: [1, 1] },
    values: channels,
  };
  const weighted = composed(kernel, constant, op);
  const taps = weighted.length / op.outChannels;
  return Float64Array.from({ length: op.outChannels }, (_, out) =>
    weighted.subarray(out * taps, (out + 1) * taps).reduce((sum, value) => sum + value, 0),
  );
};

/** One tap, on the pixel of the output. */
const POINT: Taps = { kernel: [1, 1], padding: [0, 0], dilation: [1, 1] };

const tapCount = ({ kernel: [height, width] }: Taps): number => height * width;

/** Every tap's number, row and column. */
const eachTap = ({ kernel: [height, width] }: Taps): readonly (readonly [number, number, number])[] =>
  Array.from({ length: height * width }, (_, tap) => [tap, Math.floor(tap / width), tap % width] as const);

/** The matrices [out, in / groups] of a kernel, one for each tap. */
const planesOf = (kernel: Kernel, groups: number) => {
  const values = regrouped(kernel, groups);
  const size = tapCount(kernel.op);
  return {
    inputs: values.length / size / kernel.op.outChannels,
    at: (tap: number): Float64Array =>
      Float64Array.from({ length: values.length / size }, (_, i) => values[i * size + tap] ?? Number.NaN),
  };
};

/** Of matrices [rows, between / groups] and [between, columns / groups], group by group. */
const matrixProduct = (a: Float64Array, b: Float64Array, groups: number, shared: number): Float64Array => {
  const rows = a.length / shared;
  const columns = b.length / (shared * groups);
  const result = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const first = Math.floor((row * groups) / rows) * shared;
    for (let k = 0; k < shared; k++) {
      const factor = a[row * shared + k] ?? Number.NaN;
      for (let column = 0; column < columns; column++) {
        const index = row * columns + column;
        result[index] =
          (result[index] ?? Number.NaN) + factor * (b[(first + k) * columns + column] ?? Number.NaN);
      }
    }
  }
  return result;
};
