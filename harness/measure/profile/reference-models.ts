/** Models that show what a machine can do at most, and what its profiler costs. */
import { OnnxModel } from '../../engines/onnx/model.js';
import type { Feeds } from '../../engines/onnx/profiled-session.js';

export interface ReferenceModel {
  readonly model: Uint8Array;
  readonly feeds: Feeds;
}

/** Rows and columns of the matrices whose product shows the machine's peak: large enough to hide all but arithmetic. */
export const MATRIX_SIDE = 1024;

export const PRODUCT_MACS = MATRIX_SIDE ** 3;

/** One product of two matrices; the second is a constant, which onnxruntime lays out once, as it does weights. */
export const matrixProduct = (): ReferenceModel => {
  const model = new OnnxModel('matrix-product');
  const dims = [MATRIX_SIDE, MATRIX_SIDE];
  const left = model.input('a', 'float32', dims);
  const right = model.initializer('b', filled(MATRIX_SIDE ** 2), dims);
  model.output(model.node('MatMul', [left, right], { name: 'product' }), 'float32', dims);
  return { model: model.serialize(), feeds: { a: { values: filled(MATRIX_SIDE ** 2), dims } } };
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

/** Values decide no time, but for denormal ones. */
const filled = (count: number): Float32Array => new Float32Array(count).fill(0.5);
