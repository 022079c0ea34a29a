/**
 * The closed set of operations. Whatever must know about every operation (shapes, parameters, costs, engines)
 * is a `RuleTable` over this union, so that an operation without a rule does not compile.
 */
import type { MapShape } from '../shape.js';

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

/** What a pad puts around a map: zeros, or the nearest value of the map. */
export const FILLS = ['zero', 'edge'] as const;

/** One of `FILLS`. */
export type Fill = (typeof FILLS)[number];

/**
 * Matrix products of two maps x and y, as attention has them, for each of g groups of channels, its heads; H x W are the pixels of x,
 * H' x W' those of y:
 *   pixel-scores     every pixel of x by every pixel of y, over channels:  [g a, H, W], [g a, H', W'] to [g H' W', H, W]
 *   weighted-pixels  sums of the pixels of y, weighted by channels of x:   [g H' W', H, W], [g b, H', W'] to [g b, H, W]
 *   channel-scores   every channel of x by every channel of y, over pixels: [g a, H, W], [g b, H, W] to [g a, b, 1]
 */
export const MATRIX_PRODUCTS = ['pixel-scores', 'weighted-pixels', 'channel-scores'] as const;

/** One of `MATRIX_PRODUCTS`. */
export type MatrixProduct = (typeof MATRIX_PRODUCTS)[number];

/** What an L2 norm is taken over: the channels of every pixel, or the pixels of every channel. */
export const NORM_AXES = ['channels', 'pixels'] as const;

/** One of `NORM_AXES`. */
export type NormAxis = (typeof NORM_AXES)[number];

/** Around a map. */
export type Sides = readonly [top: number, left: number, bottom: number, right: number];

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
  /** One learnable factor for all values of each group of neighbouring channels, and offset where `bias`. */
  scaleGroups: { readonly groups: number; readonly bias: boolean };
  /**
   * Layer normalisation over the channels of every pixel (arXiv:1607.06450, as ConvNeXt has it, arXiv:2201.03545), by the biased
   * variance, with a learnable factor and offset per channel.
   */
  layerNorm: { readonly epsilon: number };
  /** The same over all pixels of each group of neighbouring channels of an image (Wu and He 2018, arXiv:1803.08494). */
  groupNorm: { readonly groups: number; readonly epsilon: number };
  /** x over its L2 norm, of every pixel or of every channel, the norm at least `epsilon`: what PyTorch calls normalize. */
  l2Norm: { readonly over: NormAxis; readonly epsilon: number };
  /**
   * x + W e + b, with the sine codes e of every pixel's position (DETR, arXiv:2005.12872; projected as EdgeNeXt has them, arXiv:2206.10589):
   * see `positionCodes`. Weight [C, 2 codes, 1, 1], bias [C].
   */
  addPositions: { readonly codes: number; readonly temperature: number };
  activation: { readonly function: ActivationFunction };
  /** x where x > 0, else slope x. */
  leakyRelu: { readonly slope: number };
  /** The same with learnable slopes, one per channel or one for all (He et al. 2015, arXiv:1502.01852). */
  prelu: { readonly perChannel: boolean };
  /** Product with a fixed number. */
  times: { readonly factor: number };
  /** Sum of two or more inputs of one shape. */
  add: object;
  /** Product of two inputs; the second may be [C, 1, 1] or [1, H, W], and is then broadcast over the pixels or the channels. */
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
  /** More rows and columns around the map, on each side by itself: what a window with unlike padding needs before it. */
  pad: { readonly padding: Sides; readonly fill: Fill };
  /** Nearest neighbour: pixel i of `size` is pixel floor(i H / H') of the H there were, along both axes. */
  resize: { readonly size: Pair };
  /** A matrix product of two maps, group by group; where `shared`, all groups of the first are met by the one group of the second. */
  matMul: { readonly product: MatrixProduct; readonly groups: number; readonly shared: boolean };
  /**
   * Linear attention (Katharopoulos et al. 2020, arXiv:2006.16236, as EfficientViT has it, arXiv:2205.14756) of queries q, keys k and values
   * v in `heads` groups of channels: at every pixel of q, with sums over the pixels of k and v,
   * q sum(k v) / (q sum(k) + epsilon). [h d, H, W], [h d, H', W'], [h b, H', W'] to [h b, H, W].
   */
  linearAttention: { readonly heads: number; readonly epsilon: number };
  /** e^x over the sum of e^x of a group of neighbouring channels, at every pixel. */
  softmax: { readonly groups: number };
  /** e^x over the sum of e^x of all pixels of its channel. */
  pixelSoftmax: object;
  /**
   * Every block of `size` x `size` pixels as one pixel, of which the first C channels are those of the block's first pixel: ONNX's order.
   * [C, H, W] to [size^2 C, H / size, W / size].
   */
  spaceToDepth: { readonly size: number };
  /** Its inverse. */
  depthToSpace: { readonly size: number };
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
