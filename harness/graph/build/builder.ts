import { UserError } from '../../user/user-error.js';
import type { GivenWeights } from '../given-weights.js';
import type { Graph } from '../graph.js';
import { requireAttributes } from '../operations/op-domains.js';
import type { ActivationFunction, Fill, NormAxis, Op, Pair, Sides } from '../operations/ops.js';
import { isMap, type MapShape, type Shape } from '../shape.js';
import { requireSmallOutput } from '../sizes.js';
import {
  type AttentionInputs,
  type Conv2dOptions,
  convolution,
  type GraphOptions,
  type MatMulOptions,
  matrixProduct,
  type PoolOptions,
  pair,
  pool,
} from './builder-options.js';
import { Draft, type Value } from './draft.js';
import { pathWithin } from './path.js';

export type {
  AttentionInputs,
  Conv2dOptions,
  GraphOptions,
  MatMulOptions,
  PoolOptions,
} from './builder-options.js';
export type { Value } from './draft.js';

/**
 * Builds a graph node by node. Every method returns the value it adds. It throws a UserError that names the path where an attribute is
 * not what `op-domains.ts` allows, the shapes of the inputs do not fit, or the graph gets too large: counts go up to 2^20, the values of
 * one output up to 2^28, nodes up to 2^16. `scope` gives a builder whose nodes' paths start with a name; `block` also marks its nodes as
 * belonging to the basic block under test, and so not to the skeleton.
 */
export class GraphBuilder {
  private constructor(
    private readonly draft: Draft,
    private readonly epsilon: number,
    /** What the paths of its nodes begin with; empty at the top. */
    readonly path: string,
    private readonly blockPath: string | undefined,
  ) {}

  /** An empty graph. Begin with `input`, end with `finish`. */
  static create({ epsilon = 1e-5 }: GraphOptions = {}): GraphBuilder {
    return new GraphBuilder(new Draft(), epsilon, '', undefined);
  }

  /** A builder of the same graph, whose nodes' paths begin with this name. */
  scope(name: string | number): GraphBuilder {
    return new GraphBuilder(this.draft, this.epsilon, this.pathOf(name), this.blockPath);
  }

  /** A scope whose nodes belong to the basic block under test. */
  block(name: string | number): GraphBuilder {
    const path = this.pathOf(name);
    return new GraphBuilder(this.draft, this.epsilon, path, path);
  }

  /** The images, [C, H, W] each. A graph has one input. */
  input(shape: MapShape): Value {
    return this.map('input', { kind: 'input', shape }, []);
  }

  /** 2-D convolution. [C, H, W] to [outChannels, H', W'], with H' = floor((H + 2 padding - dilation (kernel - 1) - 1) / stride) + 1. */
  conv2d(name: string, x: Value, options: Conv2dOptions): Value {
    return this.map(name, convolution(options), [x]);
  }

  /**
   * Channel-wise convolution of ChannelNet (arXiv:1809.01330): filters that slide along the channels too. Keeps H and W where the kernel is
   * 1x1.
   */
  channelConv(name: string, x: Value, attributes: Omit<Op<'channelConv'>, 'kind'>): Value {
    return this.map(name, { kind: 'channelConv', ...attributes }, [x]);
  }

  /** Fully connected layer. [F] to [outFeatures]. */
  dense(name: string, x: Value<Shape>, outFeatures: number, bias = true): Value<Shape> {
    return this.append(name, { kind: 'dense', outFeatures, bias }, [x]);
  }

  /** Batch normalisation over images and pixels, with a learnable factor and offset per channel. Keeps the shape. */
  batchNorm(name: string, x: Value, epsilon = this.epsilon): Value {
    return this.map(name, { kind: 'batchNorm', epsilon }, [x]);
  }

  /** A learnable factor per channel, and an offset where `bias`. Keeps the shape. */
  scale(name: string, x: Value, bias: boolean): Value {
    return this.map(name, { kind: 'scale', bias }, [x]);
  }

  /** Layer normalisation over the channels of every pixel, with a learnable factor and offset per channel. Keeps the shape. */
  layerNorm(name: string, x: Value, epsilon = 1e-6): Value {
    return this.map(name, { kind: 'layerNorm', epsilon }, [x]);
  }

  /** The same over all pixels of each of `groups` groups of channels. `groups` divides C. Keeps the shape. */
  groupNorm(name: string, x: Value, groups: number, epsilon = 1e-5): Value {
    return this.map(name, { kind: 'groupNorm', groups, epsilon }, [x]);
  }

  /** A learnable factor for each of `groups` groups of channels, one for all by default, and an offset where `bias`. Keeps the shape. */
  scaleGroups(name: string, x: Value, bias: boolean, groups = 1): Value {
    return this.map(name, { kind: 'scaleGroups', groups, bias }, [x]);
  }

  /** x over its L2 norm, at least `epsilon`, over the channels of every pixel or the pixels of every channel. Keeps the shape. */
  l2Norm(name: string, x: Value, over: NormAxis, epsilon = 1e-12): Value {
    return this.map(name, { kind: 'l2Norm', over, epsilon }, [x]);
  }

  /** Adds a 1x1 convolution of the sine codes of every pixel's position, `codes` for each axis (arXiv:2005.12872). Keeps the shape. */
  addPositions(name: string, x: Value, codes: number, temperature = 10_000): Value {
    return this.map(name, { kind: 'addPositions', codes, temperature }, [x]);
  }

  /** An activation function of every value. Keeps the shape. */
  activation(name: string, x: Value, fn: ActivationFunction): Value {
    return this.map(name, { kind: 'activation', function: fn }, [x]);
  }

  /** x where x > 0, else slope x; slope from 0 to 1. Keeps the shape. */
  leakyRelu(name: string, x: Value, slope = 0.01): Value {
    return this.map(name, { kind: 'leakyRelu', slope }, [x]);
  }

  /** Leaky ReLU with learnable slopes, one per channel or one for all. Keeps the shape. */
  prelu(name: string, x: Value, perChannel = true): Value {
    return this.map(name, { kind: 'prelu', perChannel }, [x]);
  }

  /** The product with a fixed number. Keeps the shape. */
  times(name: string, x: Value, factor: number): Value {
    return this.map(name, { kind: 'times', factor }, [x]);
  }

  /** The sum of two or more values of one shape. */
  add(name: string, ...values: readonly Value[]): Value {
    return this.map(name, { kind: 'add' }, values);
  }

  /** The product of two values of one shape; a factor of [C, 1, 1] is broadcast over the pixels, one of [1, H, W] over the channels. */
  mul(name: string, x: Value, factor: Value): Value {
    return this.map(name, { kind: 'mul' }, [x, factor]);
  }

  /** The channels of all values one after another. Their maps have one size. */
  concat(name: string, ...values: readonly Value[]): Value {
    return this.map(name, { kind: 'concat' }, values);
  }

  /** Channels from `start` (included) to `end` (excluded). */
  slice(name: string, x: Value, start: number, end: number): Value {
    return this.map(name, { kind: 'slice', start, end }, [x]);
  }

  /** Channel shuffle: the channels seen as a (groups, C / groups) matrix, transposed. `groups` divides C. */
  permuteChannels(name: string, x: Value, groups: number): Value {
    return this.map(name, { kind: 'permuteChannels', groups }, [x]);
  }

  /** The mean over all pixels. [C, H, W] to [C, 1, 1]. */
  globalAvgPool(name: string, x: Value): Value {
    return this.map(name, { kind: 'globalAvgPool' }, [x]);
  }

  /** The mean over a window; padding zeros count as values. Sizes as of `conv2d` without dilation. */
  avgPool(name: string, x: Value, options: PoolOptions): Value {
    return this.map(name, { kind: 'avgPool', ...pool(options) }, [x]);
  }

  /** The largest value of a window. Sizes as of `conv2d` without dilation. */
  maxPool(name: string, x: Value, options: PoolOptions): Value {
    return this.map(name, { kind: 'maxPool', ...pool(options) }, [x]);
  }

  /** Rows and columns around the map: zeros, or its nearest values. [C, H, W] to [C, top + H + bottom, left + W + right]. */
  pad(name: string, x: Value, padding: Sides, fill: Fill = 'zero'): Value {
    return this.map(name, { kind: 'pad', padding, fill }, [x]);
  }

  /** Another size by nearest neighbours: pixel i is pixel floor(i H / H') along both axes. [C, H, W] to [C, H', W']. */
  resize(name: string, x: Value, size: number | Pair): Value {
    return this.map(name, { kind: 'resize', size: pair(size) }, [x]);
  }

  /**
   * A matrix product of two maps for each of `groups` groups of channels, as attention has it: see `MatrixProduct` for what is summed up
   * and the shapes. `shared`: y has one group, which meets all of x (multi-query attention, arXiv:1911.02150).
   */
  matMul(name: string, x: Value, y: Value, options: MatMulOptions): Value {
    return this.map(name, matrixProduct(options), [x, y]);
  }

  /** Linear attention of `heads` heads: q sum(k v) / (q sum(k) + epsilon). [C, H, W], [C, H', W'] and [D, H', W'] to [D, H, W]. */
  linearAttention(name: string, inputs: AttentionInputs, heads = 1, epsilon = 1e-5): Value {
    const { query, key, value } = inputs;
    return this.map(name, { kind: 'linearAttention', heads, epsilon }, [query, key, value]);
  }

  /** Softmax over the channels of each of `groups` groups, at every pixel. Keeps the shape. */
  softmax(name: string, x: Value, groups = 1): Value {
    return this.map(name, { kind: 'softmax', groups }, [x]);
  }

  /** Softmax over the pixels of every channel. Keeps the shape. */
  pixelSoftmax(name: string, x: Value): Value {
    return this.map(name, { kind: 'pixelSoftmax' }, [x]);
  }

  /** Blocks of pixels as channels, the pixel outermost. [C, H, W] to [size^2 C, H / size, W / size]. */
  spaceToDepth(name: string, x: Value, size: number): Value {
    return this.map(name, { kind: 'spaceToDepth', size }, [x]);
  }

  /** The inverse of `spaceToDepth`. [C, H, W] to [C / size^2, H size, W size]. */
  depthToSpace(name: string, x: Value, size: number): Value {
    return this.map(name, { kind: 'depthToSpace', size }, [x]);
  }

  /** All values of a map as a vector, channels first. [C, H, W] to [C H W]. */
  flatten(name: string, x: Value): Value<Shape> {
    return this.append(name, { kind: 'flatten' }, [x]);
  }

  /** Lets the parameters of this scope start from these weights, in place of random ones. Their paths are those within the scope. */
  startFrom(weights: GivenWeights): void {
    this.draft.give({ path: this.path, weights });
  }

  /** Whether a value belongs to the graph that is being built. */
  holds(value: unknown): value is Value<Shape> {
    return this.draft.holds(value);
  }

  /** The finished graph. Nodes that the output does not depend on are an error: a builder that forgot to use a value. */
  finish(output: Value<Shape>): Graph {
    return this.draft.finish(output);
  }

  /** Adds any operation; the methods above are what blocks use. */
  append(name: string, op: Op, inputs: readonly Value<Shape>[]): Value<Shape> {
    const path = this.pathOf(name);
    const where = () => `${path} (${op.kind})`;
    requireAttributes(op, where);
    const value = this.draft.add(path, op, inputs, this.blockPath);
    requireSmallOutput(value.shape, where);
    return value;
  }

  private map(name: string, op: Op, inputs: readonly Value<Shape>[]): Value {
    const { id, shape } = this.append(name, op, inputs);
    if (isMap(shape)) return { id, shape };
    throw new UserError(
      `${this.pathOf(name)} (${op.kind}): got a vector of ${shape[0]} features.`,
      'Pass a map of channels x height x width.',
    );
  }

  private pathOf(name: string | number): string {
    return pathWithin(this.path, name);
  }
}
