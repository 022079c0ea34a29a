/** Which operations of a deploy form can be equalised: two with weights, of which the second alone reads what the first gives. */
import { consumersOf, type Graph, type GraphNode, inputShapes, nodeAt } from '../../graph/graph.js';
import { type ActivationFunction, applyRule, type RuleTable } from '../../graph/operations/ops.js';
import { elementCount, isMap, type Shape } from '../../graph/shape.js';

/** What lies between the two multiplies by any positive factor of a channel: f(s x) = s f(x). */
export interface EqualisedPair {
  readonly first: GraphNode;
  readonly second: GraphNode;
  /** For every input channel of the second, the output channel of the first that it comes from. */
  readonly channels: readonly number[];
}

/** In the order of the first. */
export const equalisedPairs = (graph: Graph): readonly EqualisedPair[] => {
  const consumers = consumersOf(graph);
  const onlyReader = ({ id }: GraphNode): GraphNode | null => {
    const [reader, ...others] = consumers[id] ?? [];
    return reader === undefined || others.length > 0 || id === graph.output.id ? null : nodeAt(graph, reader);
  };
  return graph.nodes.flatMap((first) => {
    if (!hasChannelWeights(graph, first)) return [];
    let channels: readonly number[] | null = upTo(first.shape[0]);
    for (let node = onlyReader(first); node !== null && channels !== null; node = onlyReader(node)) {
      if (hasChannelWeights(graph, node)) return [{ first, second: node, channels }];
      const through: readonly number[] | null = channelsThrough(graph, node);
      const from: readonly number[] = channels;
      channels = through?.map((channel) => from[channel] ?? channel) ?? null;
    }
    return [];
  });
};

/** Whether it has a weight of its own for every pair of an input and an output channel that it joins. */
const hasChannelWeights = (graph: Graph, { op, inputs }: GraphNode): boolean => {
  if (op.kind === 'conv2d' || op.kind === 'dense') return true;
  const [source] = inputs;
  return op.kind === 'scale' && source !== undefined && isMap(nodeAt(graph, source).shape);
};

const channelsThrough = (graph: Graph, node: GraphNode): readonly number[] | null => {
  const [shape = node.shape] = inputShapes(graph, node);
  return applyRule(homogeneousRules, node.op, shape);
};

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);

const kept = (_op: unknown, [channels]: Shape): readonly number[] => upTo(channels);

const notHomogeneous = () => null;

/**
 * Of an operation that multiplies by the factor of a channel, the input channel of each of its output channels; null for every other, and
 * for those with several inputs, where a factor would have to fit all of them.
 */
const homogeneousRules: RuleTable<[input: Shape], readonly number[] | null> = {
  input: notHomogeneous,
  conv2d: notHomogeneous,
  channelConv: notHomogeneous,
  dense: notHomogeneous,
  batchNorm: notHomogeneous,
  scale: notHomogeneous,
  scaleGroups: notHomogeneous,
  layerNorm: notHomogeneous,
  groupNorm: notHomogeneous,
  l2Norm: notHomogeneous,
  addPositions: notHomogeneous,
  activation: (op, input) => (activationRules[op.function] ? kept(op, input) : null),
  leakyRelu: kept,
  prelu: kept,
  times: kept,
  add: notHomogeneous,
  mul: notHomogeneous,
  concat: notHomogeneous,
  slice: notHomogeneous,
  permuteChannels: ({ groups }, [channels]) =>
    upTo(channels).map((i) => (i % groups) * (channels / groups) + Math.floor(i / groups)),
  globalAvgPool: kept,
  avgPool: kept,
  maxPool: kept,
  pad: kept,
  resize: kept,
  matMul: notHomogeneous,
  linearAttention: notHomogeneous,
  softmax: notHomogeneous,
  pixelSoftmax: notHomogeneous,
  spaceToDepth: ({ size }, [channels]) => upTo(size ** 2 * channels).map((i) => i % channels),
  depthToSpace: notHomogeneous,
  flatten: (_op, [channels, ...size]) =>
    upTo(channels).flatMap((channel) => Array<number>(elementCount(size)).fill(channel)),
};

/** Whether f(s x) = s f(x). The cap of ReLU6 would have to move with its channel. */
const activationRules: Record<ActivationFunction, boolean> = {
  relu: true,
  relu6: false,
  sigmoid: false,
  silu: false,
  gelu: false,
  'hard-sigmoid': false,
  'hard-swish': false,
};
