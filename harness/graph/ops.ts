/**
 * The closed set of operations. Whatever must know about every operation (shapes, parameters, costs, engines)
 * is a `RuleTable` over this union, so that an operation without a rule does not compile.
 */
import type { MapShape } from './shape.js';

/** Along both axes of a map. */
export type Pair = readonly [height: number, width: number];

/** Activation functions, without parameters. */
export const ACTIVATIONS = [
  'relu',
  'relu6',
  'silu',
  'gelu',
  'hard-swish',
  'hard-sigmoid',
  'sigmoid',
] as const;

/** One of `ACTIVATIONS`. */
export type ActivationFunction = (typeof ACTIVATIONS)[number];

/** Attributes of every operation, by its kind. */
export interface OpAttributes {
  input: { readonly shape: MapShape };
  /** 2-D convolution, cross-correlation as in PyTorch. Weight [out, in / groups, kh, kw]. */
  conv2d: {
    readonly outChannels: number;
    readonly kernel: Pair;
    readonly stride: Pair;
    /** Zeros added on both sides of each axis. */
    readonly padding: Pair;
    readonly dilation: Pair;
    readonly groups: number;
    readonly bias: boolean;
  };
  /**
   * Channel-wise convolution (ChannelNet, arXiv:1809.01330): a 3-D convolution over the one-map volume C x H x W.
   * Every filter slides along the channel axis, gives (C + before + after - depth) / channelStride + 1 maps, and the maps
   * of the filters are stacked filter by filter. No spatial padding or stride. Weight [filters, 1, depth, kh, kw].
   */
  channelConv: {
    readonly filters: number;
    readonly kernel: readonly [depth: number, height: number, width: number];
    readonly channelStride: number;
    readonly channelPadding: readonly [before: number, after: number];
  };
  /** Fully connected layer on a vector. Weight [out, in]. */
  dense: { readonly outFeatures: number; readonly bias: boolean };
  /** Batch normalisation over images and pixels, per channel. */
  batchNorm: { readonly epsilon: number };
  /** Per-channel learnable factor, and offset where `bias`. What a batch norm without a convolution becomes in deploy form. */
  scale: { readonly bias: boolean };
  activation: { readonly function: ActivationFunction };
  /** Sum of two or more inputs of one shape. */
  add: object;
  /** Product of two inputs; the second may be [C, 1, 1] and is then broadcast over the pixels. */
  mul: object;
  /** Concatenation along the channels. */
  concat: object;
  /** Channels start (included) to end (excluded). */
  slice: { readonly start: number; readonly end: number };
  /** Channel shuffle: the channels seen as a (groups, C / groups) matrix, transposed. Its inverse has C / groups groups. */
  permuteChannels: { readonly groups: number };
  globalAvgPool: object;
  /** Average over the window; padding zeros count as values (PyTorch's count_include_pad). */
  avgPool: { readonly kernel: Pair; readonly stride: Pair; readonly padding: Pair };
  maxPool: { readonly kernel: Pair; readonly stride: Pair; readonly padding: Pair };
  /** Map to vector, channels first. */
  flatten: object;
}

/** The kinds of operation. */
export type OpKind = keyof OpAttributes;

/** An operation: its kind and its attributes. */
export type Op<K extends OpKind = OpKind> = { [P in K]: { readonly kind: P } & OpAttributes[P] }[K];

/** One rule per operation: total by type. */
export type RuleTable<Args extends readonly unknown[], Result> = {
  readonly [K in OpKind]: (op: Op<K>, ...args: Args) => Result;
};

export const applyRule = <K extends OpKind, Args extends readonly unknown[], Result>(
  rules: RuleTable<Args, Result>,
  op: Op<K>,
  ...args: Args
): Result => (rules[op.kind] as (op: Op<K>, ...args: Args) => Result)(op, ...args);
