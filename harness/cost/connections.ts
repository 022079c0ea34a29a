/** Which channels depend on which, from the structure of a graph; weights are taken to be none of them zero. */
import { cutsOf } from '../graph/cuts.js';
import { type Graph, type GraphNode, inputShapes, nodeAt } from '../graph/graph.js';
import { applyRule, type MatrixProduct, type Op, type RuleTable } from '../graph/operations/ops.js';
import { elementCount, type Shape } from '../graph/shape.js';
import { UserError } from '../user/user-error.js';
import { type ChannelSet, channelCount, hasChannel, singleChannel, union } from './channel-set.js';

/** The connection matrix of a graph or of a part of one. A vector has features in the place of channels. */
export interface Connections {
  readonly inputs: number;
  readonly outputs: number;
  /** For every output, how many inputs it depends on. */
  readonly ranges: readonly number[];
  readonly connects: (output: number, input: number) => boolean;
}

/** Every channel of a graph holds one bit for each input: 32 MiB for as many channels as this. */
const MOST_INPUTS = 2 ** 14;

/** From the input channels of the graph to its outputs, through everything between. Throws UserError where they are too many. */
export const connectionsOf = (graph: Graph): Connections =>
  connectionsBetween(graph, graph.input.id, graph.output.id);

/**
 * The matrices whose product connects the input to the output, in order: one for each part of the graph that can stand alone and
 * mixes channels, with the permutation before it where there is one. Empty where no part does. Throws UserError where there are too
 * many input channels.
 */
export const connectionFactors = (graph: Graph): readonly Connections[] => {
  const factors: Connections[] = [];
  let start = graph.input.id;
  for (const cut of cutsOf(graph)) {
    const factor = connectionsBetween(graph, start, cut);
    if (factor.ranges.every((range) => range === 1)) continue;
    factors.push(factor);
    start = cut;
  }
  return factors;
};

const connectionsBetween = (graph: Graph, from: number, to: number): Connections => {
  const sets = dependencies(graph, from, to);
  const [inputs] = nodeAt(graph, from).shape;
  return {
    inputs,
    outputs: sets.length,
    ranges: sets.map(channelCount),
    connects: (output, input) => {
      const set = sets[output];
      return set !== undefined && hasChannel(set, input);
    },
  };
};

/** For every channel of a map, or feature of a vector, the channels that it depends on. */
type Dependencies = readonly ChannelSet[];

/** Those of the node `to` on the channels of `from`, through which every path to it leads. */
const dependencies = (graph: Graph, from: number, to: number): Dependencies => {
  const [inputs] = nodeAt(graph, from).shape;
  if (inputs > MOST_INPUTS) {
    throw new UserError(
      `The receptive range of ${inputs} input channels would take too much memory.`,
      `Use at most ${MOST_INPUTS} channels.`,
    );
  }
  const found = new Map([[from, Array.from({ length: inputs }, (_, i) => singleChannel(i, inputs))]]);
  const read = (id: number): Dependencies => found.get(id) ?? [];
  for (const node of graph.nodes.slice(from + 1, to + 1)) {
    const rule = applyRule(connectionRules, node.op, node.inputs.map(read), inputShapes(graph, node), node);
    found.set(node.id, [...rule]);
  }
  return read(to);
};

/** Every one of `outputs` channels depends on all channels of its group. */
const grouped = (x: Dependencies, groups: number, outputs: number): Dependencies => {
  const groupInputs = x.length / groups;
  return Array.from({ length: groups }, (_, group) =>
    repeated(outputs / groups, union(x.slice(group * groupInputs, (group + 1) * groupInputs))),
  ).flat();
};

/** A group of the second input, which is all of it where it is shared. */
const groupOf = (y: Dependencies, { groups, shared }: Op<'matMul'>, group: number): Dependencies =>
  shared ? y : y.slice((group * y.length) / groups, ((group + 1) * y.length) / groups);

/** What a group of a matrix product of x and y depends on, of which it makes as many channels as it likes. */
const PRODUCTS: Record<MatrixProduct, (x: Dependencies, y: Dependencies, channels: number) => Dependencies> =
  {
    'pixel-scores': (x, y, channels) => repeated(channels, union([...x, ...y])),
    'weighted-pixels': (x, y) => y.map((set) => union([set, ...x])),
    'channel-scores': (x, y) => x.map((set) => union([set, ...y])),
  };

type Rule = (inputs: readonly Dependencies[]) => Dependencies;

const unchanged: Rule = ([x = []]) => x;

/** The first input decides the number of channels: a factor has as many, or one for all. */
const elementwise: Rule = ([x = [], ...others]) =>
  x.map((set, i) => union([set, ...others.flatMap((other) => other[i] ?? other[0] ?? [])]));

const repeated = (count: number, set: ChannelSet): Dependencies => Array<ChannelSet>(count).fill(set);

const connectionRules: RuleTable<
  [inputs: readonly Dependencies[], shapes: readonly Shape[], node: GraphNode],
  Dependencies
> = {
  input: (_op, inputs) => unchanged(inputs),
  conv2d: ({ groups, outChannels }, [x = []]) => grouped(x, groups, outChannels),
  channelConv: (op, [x = []], _shapes, { shape: [outputs] }) => {
    const [depth] = op.kernel;
    const maps = Array.from({ length: outputs / op.filters }, (_, map) => {
      const start = map * op.channelStride - op.channelPadding[0];
      return union(x.slice(Math.max(0, start), Math.max(0, start + depth)));
    });
    return Array.from({ length: op.filters }, () => maps).flat();
  },
  dense: ({ outFeatures }, [x = []]) => repeated(outFeatures, union(x)),
  batchNorm: (_op, inputs) => unchanged(inputs),
  scale: (_op, inputs) => unchanged(inputs),
  scaleGroups: (_op, inputs) => unchanged(inputs),
  layerNorm: (_op, [x = []]) => grouped(x, 1, x.length),
  groupNorm: ({ groups }, [x = []]) => grouped(x, groups, x.length),
  l2Norm: ({ over }, [x = []]) => grouped(x, over === 'channels' ? 1 : x.length, x.length),
  addPositions: (_op, inputs) => unchanged(inputs),
  activation: (_op, inputs) => unchanged(inputs),
  leakyRelu: (_op, inputs) => unchanged(inputs),
  prelu: (_op, inputs) => unchanged(inputs),
  times: (_op, inputs) => unchanged(inputs),
  add: (_op, inputs) => elementwise(inputs),
  mul: (_op, inputs) => elementwise(inputs),
  concat: (_op, inputs) => inputs.flat(),
  slice: ({ start, end }, [x = []]) => x.slice(start, end),
  permuteChannels: ({ groups }, [x = []]) => {
    const perGroup = x.length / groups;
    return x.flatMap((_, i) => x[(i % groups) * perGroup + Math.floor(i / groups)] ?? []);
  },
  globalAvgPool: (_op, inputs) => unchanged(inputs),
  avgPool: (_op, inputs) => unchanged(inputs),
  maxPool: (_op, inputs) => unchanged(inputs),
  pad: (_op, inputs) => unchanged(inputs),
  resize: (_op, inputs) => unchanged(inputs),
  matMul: (op, [x = [], y = []], _shapes, { shape: [outputs] }) =>
    Array.from({ length: op.groups }, (_, group) =>
      PRODUCTS[op.product](
        x.slice((group * x.length) / op.groups, ((group + 1) * x.length) / op.groups),
        groupOf(y, op, group),
        outputs / op.groups,
      ),
    ).flat(),
  linearAttention: ({ heads }, [query = [], key = [], value = []]) => {
    const asked = grouped(query, heads, value.length);
    const met = grouped(key, heads, value.length);
    return value.map((set, i) => union([set, ...[asked[i] ?? set, met[i] ?? set]]));
  },
  softmax: ({ groups }, [x = []]) => grouped(x, groups, x.length),
  pixelSoftmax: (_op, inputs) => unchanged(inputs),
  spaceToDepth: ({ size }, [x = []]) => Array.from({ length: size ** 2 }, () => x).flat(),
  depthToSpace: ({ size }, [x = []]) => {
    const channels = x.length / size ** 2;
    return Array.from({ length: channels }, (_, c) => union(x.filter((_set, i) => i % channels === c)));
  },
  flatten: (_op, [x = []], [shape = [0]]) => {
    const [, ...size] = shape;
    return x.flatMap((set) => repeated(elementCount(size), set));
  },
};
