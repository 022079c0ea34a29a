/** Models that show what a machine can do at most, and what its profiler costs. */
import { OnnxModel } from '../../engines/onnx/model.js';
import type { Feeds } from '../../engines/onnx/profiled-session.js';
import { elementCount } from '../../graph/shape.js';

export interface ReferenceModel {
  readonly model: Uint8Array;
  readonly feeds: Feeds;
}

/** What shows the machine's peak: kernels that multiply and are short of nothing but arithmetic. */
export interface PeakModel extends ReferenceModel {
  /** Multiply-accumulates of each Conv or MatMul, in their order. */
  readonly macs: readonly number[];
}

/**
 * Products of matrices that fill the caches, and of some that fit into them; convolutions one after the other, so that onnxruntime keeps their
 * channels in blocks as it does in networks. None is the fastest on every processor.
 */
export const peakModels = (): readonly PeakModel[] => [
  matrixProduct(1024),
  matrixProduct(256),
  convolutions(56, 1, [64, 128, 128]),
  convolutions(28, 1, [128, 256, 256]),
  convolutions(14, 1, [256, 512, 512]),
  convolutions(28, 3, [128, 128, 128]),
];

/** The second matrix is a constant, which onnxruntime lays out once, as it does weights. */
const matrixProduct = (side: number): PeakModel => {
  const model = new OnnxModel('matrix-product');
  const dims = [side, side];
  const left = model.input('a', 'float32', dims);
  const right = model.initializer('b', filled(side ** 2), dims);
  model.output(model.node('MatMul', [left, right], { name: 'product' }), 'float32', dims);
  return {
    model: model.serialize(),
    feeds: { a: { values: filled(side ** 2), dims } },
    macs: [side ** 3],
  };
};

/** Of square maps and kernels that keep their size, from some channels to the next. */
const convolutions = (side: number, kernel: number, channels: readonly [number, ...number[]]): PeakModel => {
  const model = new OnnxModel('convolutions');
  const [first, ...others] = channels;
  const dims = [1, first, side, side];
  let [map, from] = [model.input('a', 'float32', dims), first];
  const macs: number[] = [];
  const pads = Array.from({ length: 4 }, () => (kernel - 1) / 2);
  for (const [i, to] of others.entries()) {
    const shape = [to, from, kernel, kernel];
    const weights = model.initializer(`w${i}`, filled(elementCount(shape)), shape);
    const attributes = { kernel_shape: [kernel, kernel], pads };
    map = model.node('Conv', [map, weights], { name: `convolution${i}`, attributes });
    macs.push(side ** 2 * elementCount(shape));
    from = to;
  }
  model.output(map, 'float32', [1, from, side, side]);
  return { model: model.serialize(), feeds: { a: { values: filled(elementCount(dims)), dims } }, macs };
};

/** Of each of the two arrays that are added, and of their sum: more than caches hold. */
export const ARRAY_BYTES = 64 * 2 ** 20;

export const SUM_BYTES = 3 * ARRAY_BYTES;

/** One sum of two arrays: two numbers read and one written for an addition. */
export const arraySum = (): ReferenceModel => {
  const model = new OnnxModel('array-sum');
  const dims = [ARRAY_BYTES / 4];
  const [a, b] = [model.input('a', 'float32', dims), model.input('b', 'float32', dims)];
  model.output(model.node('Add', [a, b], { name: 'sum' }), 'float32', dims);
  const feed = () => ({ values: filled(ARRAY_BYTES / 4), dims });
  return { model: model.serialize(), feeds: { a: feed(), b: feed() } };
};

/** How many operations without work stand one after the other. */
const IDLE_OPERATIONS = 16;

/** Sums of two numbers, one after the other: what the profiler says of them is its own cost. */
export const idleOperations = (): ReferenceModel => {
  const model = new OnnxModel('idle-operations');
  const [a, b] = [model.input('a', 'float32', [1]), model.input('b', 'float32', [1])];
  let sum = a;
  for (let i = 0; i < IDLE_OPERATIONS; i += 1) sum = model.node('Add', [sum, b], { name: `idle${i}` });
  model.output(sum, 'float32', [1]);
  const feed = () => ({ values: filled(1), dims: [1] });
  return { model: model.serialize(), feeds: { a: feed(), b: feed() } };
};

/** Values decide no time, but for denormal and infinite ones. */
const filled = (count: number): Float32Array => new Float32Array(count).fill(2 ** -8);
