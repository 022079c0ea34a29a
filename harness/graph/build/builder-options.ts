/** What the methods of a graph builder take, and the attributes that it stands for. Unknown names are kept, to be refused with the others. */
import type { MatrixProduct, Op, Pair } from '../operations/ops.js';
import type { Value } from './draft.js';

/** Attributes of a convolution; a single number stands for both axes. */
export interface Conv2dOptions {
  readonly outChannels: number;
  readonly kernel: number | Pair;
  readonly stride?: number | Pair;
  /** Zeros on both sides of each axis; by default half the dilated kernel, so that stride 1 keeps the size of an odd kernel. */
  readonly padding?: number | Pair;
  readonly dilation?: number | Pair;
  readonly groups?: number;
  readonly bias?: boolean;
}

/** Attributes of a pooling; a single number stands for both axes. Stride 1 and no padding by default. */
export interface PoolOptions {
  readonly kernel: number | Pair;
  readonly stride?: number | Pair;
  readonly padding?: number | Pair;
}

/** Of a matrix product of two maps. */
export interface MatMulOptions {
  readonly product: MatrixProduct;
  /** Groups of channels, 1 by default. */
  readonly groups?: number;
  /** Whether y has one group for all; false by default. */
  readonly shared?: boolean;
}

/** Maps of which the first asks, the second is asked, and the third answers. */
export interface AttentionInputs {
  readonly query: Value;
  readonly key: Value;
  readonly value: Value;
}

/** What holds for a whole graph. */
export interface GraphOptions {
  /** Of every batch norm that is not given another. Networks born in TensorFlow have 1e-3. */
  readonly epsilon?: number;
}

export const matrixProduct = ({ groups = 1, shared = false, ...rest }: MatMulOptions): Op<'matMul'> => ({
  kind: 'matMul',
  groups,
  shared,
  ...rest,
});

export const convolution = (options: Conv2dOptions): Op<'conv2d'> => {
  const { outChannels, stride = 1, padding, groups = 1, bias = false, ...rest } = options;
  const { kernel: taps, dilation: spacing = 1, ...unknown } = rest;
  const [kernel, dilation] = [pair(taps), pair(spacing)];
  const same: Pair = [half(kernel[0], dilation[0]), half(kernel[1], dilation[1])];
  return {
    kind: 'conv2d',
    outChannels,
    kernel,
    stride: pair(stride),
    padding: padding === undefined ? same : pair(padding),
    dilation,
    groups,
    bias,
    ...unknown,
  };
};

export const pair = (size: number | Pair): Pair =>
  typeof size === 'object' && size !== null ? size : [size, size];

const half = (kernel: number, dilation: number): number => Math.floor((dilation * (kernel - 1) + 1) / 2);

export const pool = ({ kernel, stride = 1, padding = 0, ...unknown }: PoolOptions) => ({
  kernel: pair(kernel),
  stride: pair(stride),
  padding: pair(padding),
  ...unknown,
});
