/**
 * Linear operations as convolutions, alone and in a row: what a branch of a re-parameterised operator is made of (Diverse Branch Block,
 * arXiv:2103.13425). A scale is a 1x1 convolution of single channels, an average pool one with a constant kernel.
 */
import { greatestCommonDivisor } from '../graph/channel-arithmetic.js';
import { type Graph, type GraphNode, inputShapes, nodeAt } from '../graph/graph.js';
import { applyRule, type Op, type RuleTable } from '../graph/operations/ops.js';
import { elementCount, type Shape } from '../graph/shape.js';
import { total } from './channels.js';
import { composed, type Kernel, responseTo } from './kernels.js';
import { parameterOf, type Values } from './rewrite.js';
import { composedTaps } from './taps.js';

export interface Linear {
  readonly op: Op<'conv2d'>;
  readonly kernel: (values: Values) => Float64Array;
  /** Their sum is the bias. */
  readonly offsets: (values: Values) => readonly Float64Array[];
  /** Whether every channel depends on itself alone because it must: such an operation is one of any number of groups. */
  readonly isDiagonal: boolean;
  /** Multiply-adds of one image as it stands in the graph. */
  readonly work: number;
}

/**
 * The values from which linear operations alone lead to a node, by id: its own, what its operation reads, and so on back, as long as
 * nothing else reads what lies between.
 */
export const linearSources = (
  graph: Graph,
  end: number,
  readByOne: (id: number) => boolean,
): readonly number[] => {
  const sources = [end];
  for (const id of sources) {
    const node = nodeAt(graph, id);
    const [source] = node.inputs;
    if (source !== undefined && readByOne(id) && linearOf(graph, node) !== null) sources.push(source);
  }
  return sources;
};

/** The operations that lead from one value to another, as one. */
export interface Chain {
  readonly from: number;
  readonly to: number;
  readonly linear: Linear;
  /** How many they are; without any, the values are one. */
  readonly length: number;
}

/** The chain from each of its `linearSources` to a node, the empty one first, up to the first that is no single convolution. */
export const chainsFrom = (graph: Graph, [end, ...earlier]: readonly number[]): readonly Chain[] => {
  if (end === undefined) return [];
  const chains: Chain[] = [{ from: end, to: end, linear: identity(nodeAt(graph, end)), length: 0 }];
  for (const { from, linear, length } of chains) {
    const source = earlier[length];
    const first = linearOf(graph, nodeAt(graph, from));
    const whole = first && (length === 0 ? first() : inARow(linear, first()));
    if (source !== undefined && whole)
      chains.push({ from: source, to: end, linear: whole, length: length + 1 });
  }
  return chains;
};

/** Multiply-adds of one image. */
export const workOf = (op: Op<'conv2d'>, inChannels: number, output: Shape): number =>
  ((elementCount(output) * inChannels) / op.groups) * elementCount(op.kernel);

/**
 * One after the other as one. Null where the second pads what the first gives at places where the first, had it gone on, would not give
 * zero: where it has a bias, or reads the map from outside.
 */
const inARow = (second: Linear, first: Linear): Linear | null => {
  const [a, b] = [first.op, second.op];
  const pads = [b.padding[0] > 0, b.padding[1] > 0] as const;
  if ((pads[0] && a.kernel[0] > 1) || (pads[1] && a.kernel[1] > 1)) return null;
  if (a.bias && (pads[0] || pads[1])) return null;
  const op: Op<'conv2d'> = {
    ...b,
    ...composedTaps(b, a),
    stride: [a.stride[0] * b.stride[0], a.stride[1] * b.stride[1]],
    groups: greatestCommonDivisor(a.groups, b.groups),
    bias: a.bias || b.bias,
  };
  const outer = (values: Values): Kernel => ({ op: b, values: second.kernel(values) });
  const inner = (values: Values): Kernel => ({ op: a, values: first.kernel(values) });
  return {
    op,
    kernel: (values) => composed(outer(values), inner(values), op),
    offsets: (values) => [
      ...second.offsets(values),
      ...(a.bias ? [responseTo(outer(values), total(first.offsets(values)))] : []),
    ],
    isDiagonal: first.isDiagonal && second.isDiagonal,
    work: first.work + second.work,
  };
};

const linearOf = (graph: Graph, node: GraphNode): (() => Linear) | null =>
  applyRule(linearRules, node.op, node, graph);

const notLinear = () => null;

/** A linear operation as a convolution, made when it is needed; null for every other. */
const linearRules: RuleTable<[node: GraphNode, graph: Graph], (() => Linear) | null> = {
  input: notLinear,
  conv2d: (op, node, graph) => () => {
    const [input = node.shape] = inputShapes(graph, node);
    return {
      op,
      kernel: (values) => parameterOf(values, node, 'weight'),
      offsets: biasOf(node, op.bias),
      isDiagonal: false,
      work: workOf(op, input[0], node.shape),
    };
  },
  channelConv: notLinear,
  dense: notLinear,
  batchNorm: notLinear,
  scale: (op, node) => () => ({
    ...diagonal(node, { bias: op.bias }),
    kernel: (values) => parameterOf(values, node, 'weight'),
    offsets: biasOf(node, op.bias),
  }),
  scaleGroups: (op, node) => () => ({
    ...diagonal(node, { bias: op.bias }),
    kernel: (values) => inGroups(node, parameterOf(values, node, 'weight')),
    offsets: (values) => (op.bias ? [inGroups(node, parameterOf(values, node, 'bias'))] : []),
  }),
  layerNorm: notLinear,
  groupNorm: notLinear,
  l2Norm: notLinear,
  /** An offset that every pixel has by itself. */
  addPositions: notLinear,
  activation: notLinear,
  leakyRelu: notLinear,
  prelu: notLinear,
  times:
    ({ factor }, node) =>
    () => ({
      ...diagonal(node, {}),
      kernel: () => new Float64Array(node.shape[0]).fill(factor),
    }),
  add: notLinear,
  mul: notLinear,
  concat: notLinear,
  slice: notLinear,
  permuteChannels: notLinear,
  globalAvgPool: notLinear,
  avgPool:
    ({ kernel, stride, padding }, node) =>
    () =>
      diagonal(node, { kernel, stride, padding }),
  maxPool: notLinear,
  pad: notLinear,
  resize: notLinear,
  matMul: notLinear,
  linearAttention: notLinear,
  softmax: notLinear,
  pixelSoftmax: notLinear,
  spaceToDepth: notLinear,
  depthToSpace: notLinear,
  flatten: notLinear,
};

const biasOf =
  (node: GraphNode, isThere: boolean): Linear['offsets'] =>
  (values) =>
    isThere ? [parameterOf(values, node, 'bias')] : [];

/** The value of its group for every channel. */
const inGroups = ({ shape: [channels] }: GraphNode, ofGroups: Float64Array): Float64Array =>
  Float64Array.from(
    { length: channels },
    (_, i) => ofGroups[Math.floor((i * ofGroups.length) / channels)] ?? Number.NaN,
  );

const identity = (node: GraphNode): Linear => ({ ...diagonal(node, {}), work: 0 });

/** The average over a window of every channel by itself; over one pixel it is the pixel. */
const diagonal = ({ shape }: GraphNode, attributes: Partial<Op<'conv2d'>>): Linear => {
  const [channels] = shape;
  const op: Op<'conv2d'> = {
    kind: 'conv2d',
    outChannels: channels,
    kernel: [1, 1],
    stride: [1, 1],
    padding: [0, 0],
    dilation: [1, 1],
    groups: channels,
    bias: false,
    ...attributes,
  };
  const taps = elementCount(op.kernel);
  return {
    op,
    kernel: () => new Float64Array(channels * taps).fill(1 / taps),
    offsets: () => [],
    isDiagonal: true,
    work: workOf(op, channels, shape),
  };
};
