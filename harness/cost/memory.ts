/**
 * Peak memory of activations, as microcontroller work counts it (MCUNet, arXiv:2007.10319): the most that is kept while an operation runs,
 * which is what it reads, what it writes, and what later operations still need, in the best order of the operations.
 *
 *   in place   an elementwise operation writes over an operand that nobody reads any more, as runtimes do
 *   depthwise  beside its input, as in most runtimes, or in place, channel by channel, as TinyEngine does (MCUNet, section 3.2)
 *   a view     flatten takes no memory of its own
 *   whole      every other output is written beside its inputs; no operation is split into patches
 *
 * Between two cuts of the network nothing but the first cut's output comes in, so that each part is ordered by itself.
 */
import { cutsOf } from '../graph/cuts.js';
import { type Graph, type GraphNode, inputShapes, nodeAt } from '../graph/graph.js';
import { applyRule, type RuleTable } from '../graph/operations/ops.js';
import { graphParameters, isLearnable } from '../graph/parameters.js';
import { elementCount, type Shape } from '../graph/shape.js';
import { leastPeak, type Part, type Peak, type Step } from './peak-order.js';

export interface PeakMemory {
  /** Values that are kept at once, of one image. A byte each in int8, four in float32. */
  readonly values: number;
  /** Of the operation that runs then. */
  readonly path: string;
  /** Whether no order needs less: false where there are too many orders to know. */
  readonly isLeast: boolean;
}

/** How a depthwise convolution writes. */
export type DepthwiseMemory = 'beside' | 'in place';

export const peakMemory = (graph: Graph, depthwise: DepthwiseMemory = 'beside'): PeakMemory => {
  const known = new Map<string, Peak>();
  const peaks = partsOf(graph, depthwise).map((part) => {
    // Blocks of a stage are alike.
    const key = JSON.stringify(part.steps);
    const peak = known.get(key) ?? leastPeak(part);
    known.set(key, peak);
    return { part, ...peak };
  });
  const highest = peaks.reduce((most, peak) => (peak.values > most.values ? peak : most));
  return {
    values: highest.values,
    path: nodeAt(graph, highest.part.ids[highest.step] ?? graph.input.id).path,
    // Another part's peak, were it not its least, could only be lower than this one.
    isLeast: highest.isLeast,
  };
};

interface GraphPart extends Part {
  /** Node ids of the steps. */
  readonly ids: readonly number[];
}

const partsOf = (graph: Graph, depthwise: DepthwiseMemory): readonly GraphPart[] => {
  const cuts = cutsOf(graph);
  return cuts.map((end, i) => partOf(graph, cuts[i - 1] ?? end, end, depthwise));
};

/** The nodes after `start` up to `end`; the first step stands for the output of `start`, which is there already. */
const partOf = (graph: Graph, start: number, end: number, depthwise: DepthwiseMemory): GraphPart => {
  const nodes = graph.nodes.slice(start, end + 1).filter((node) => !isView(graph, node));
  const position = new Map(nodes.map(({ id }, step) => [id, step]));
  const stepOf = (id: number): number => {
    const node = nodeAt(graph, id);
    const [viewed] = node.inputs;
    const step = position.get(id);
    if (step !== undefined) return step;
    if (isView(graph, node) && viewed !== undefined && id > start) return stepOf(viewed);
    return 0;
  };
  const steps = nodes.map((node, step): Step => {
    const reads = step === 0 ? [] : [...new Set(node.inputs.map(stepOf))];
    const written = writing(graph, node);
    return {
      values: elementCount(node.shape),
      reads,
      isInPlace: written === 'in place' || (written === 'depthwise' && depthwise === 'in place'),
    };
  });
  return { ids: nodes.map(({ id }) => id), steps };
};

const writing = (graph: Graph, node: GraphNode): Writing =>
  applyRule(WRITES, node.op, inputShapes(graph, node));
const isView = (graph: Graph, node: GraphNode): boolean => writing(graph, node) === 'a view';

type Writing = 'whole' | 'in place' | 'depthwise' | 'a view';

const whole = (): Writing => 'whole';
const inPlace = (): Writing => 'in place';

const WRITES: RuleTable<[inputs: readonly Shape[]], Writing> = {
  input: whole,
  conv2d: ({ groups, outChannels }, [input]) =>
    groups > 1 && groups === input?.[0] && groups === outChannels ? 'depthwise' : 'whole',
  channelConv: whole,
  dense: whole,
  batchNorm: inPlace,
  scale: inPlace,
  scaleGroups: inPlace,
  layerNorm: whole,
  groupNorm: whole,
  l2Norm: whole,
  addPositions: inPlace,
  activation: inPlace,
  leakyRelu: inPlace,
  prelu: inPlace,
  times: inPlace,
  add: inPlace,
  mul: inPlace,
  concat: whole,
  slice: whole,
  permuteChannels: whole,
  globalAvgPool: whole,
  avgPool: whole,
  maxPool: whole,
  pad: whole,
  resize: whole,
  matMul: whole,
  linearAttention: whole,
  softmax: whole,
  pixelSoftmax: whole,
  spaceToDepth: whole,
  depthToSpace: whole,
  flatten: () => 'a view',
};

/** Bytes of all weights in int8: a byte for each, but four for each of a bias, also of a norm, as integer kernels add it. */
export const weightBytes = (graph: Graph): number =>
  graphParameters(graph)
    .filter(isLearnable)
    .reduce((sum, { role, size }) => sum + size * (role === 'bias' || role === 'beta' ? 4 : 1), 0);
