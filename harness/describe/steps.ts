/** A graph as a person would sketch it: an operation with its norm and its activation is one step, and parallel steps are counted. */
import { consumersOf, type Graph, type GraphNode, inputShapes, nodeAt } from '../graph/graph.js';
import { applyRule, type OpKind, type Pair, type RuleTable } from '../graph/operations/ops.js';
import { formatShape, type Shape } from '../graph/shape.js';

export interface Step {
  readonly id: number;
  /** Ids of earlier steps. */
  readonly inputs: readonly number[];
  /** Of its last operation. */
  readonly path: string;
  /** What is done: `conv 1x1`. */
  readonly operation: string;
  /** What follows it at once: `BN`, `relu`. */
  readonly after: readonly string[];
  readonly shape: Shape;
  /** How many such steps stand in parallel, between the same others. */
  readonly count: number;
}

/** The steps in topological order, ids equal to their positions. */
export const stepsOf = (graph: Graph): readonly Step[] => joinParallel(chained(graph));

const chained = (graph: Graph): readonly Step[] => {
  const consumers = consumersOf(graph);
  const steps: Step[] = [];
  const stepOf = new Map<number, Step>();
  for (const node of graph.nodes) {
    const label = applyRule(labelRules, node.op, inputShapes(graph, node));
    const before = followed(graph, node, consumers);
    const step = before === undefined ? undefined : stepOf.get(before);
    const inputs = [...new Set(node.inputs.flatMap((id) => stepOf.get(id)?.id ?? []))];
    const { path, shape } = node;
    const next: Step = step
      ? { ...step, path, shape, after: [...step.after, label] }
      : { id: steps.length, inputs, path, operation: label, after: [], shape, count: 1 };
    steps[next.id] = next;
    stepOf.set(node.id, next);
  }
  return steps;
};

/** The node that this one belongs to: nothing else reads it. */
const followed = (
  graph: Graph,
  node: GraphNode,
  consumers: readonly (readonly number[])[],
): number | undefined => {
  const [source] = node.inputs;
  if (source === undefined || !FOLLOWERS.has(node.op.kind) || consumers[source]?.length !== 1)
    return undefined;
  return nodeAt(graph, source).op.kind === 'input' ? undefined : source;
};

const FOLLOWERS: ReadonlySet<OpKind> = new Set([
  'batchNorm',
  'layerNorm',
  'groupNorm',
  'scale',
  'scaleGroups',
  'l2Norm',
  'activation',
  'leakyRelu',
  'prelu',
  'times',
  'softmax',
  'pixelSoftmax',
  'flatten',
]);

/** Joins steps that are alike and have the same inputs and readers to the first of them, until none are left to join. */
const joinParallel = (steps: readonly Step[]): readonly Step[] => {
  const readers = steps.map((): number[] => []);
  for (const { id, inputs } of steps) for (const input of inputs) readers[input]?.push(id);
  const families = new Map<string, Step[]>();
  for (const step of steps) {
    const { id, operation, after, shape, inputs } = step;
    const key = JSON.stringify([operation, after, shape, inputs, readers[id]]);
    families.set(key, [...(families.get(key) ?? []), step]);
  }
  if (families.size === steps.length) return steps;
  const place = new Map(
    [...families.values()].flatMap((family, i) => family.map(({ id }) => [id, i] as const)),
  );
  const joined = [...families.values()].flatMap(([first, ...rest], id) => {
    if (!first) return [];
    const inputs = [...new Set(first.inputs.map((input) => place.get(input) ?? input))];
    return [{ ...first, id, inputs, count: rest.reduce((sum, { count }) => sum + count, first.count) }];
  });
  return joinParallel(joined);
};

const strideOf = ([vertical, horizontal]: Pair): string => {
  if (vertical !== horizontal) return ` / ${vertical}x${horizontal}`;
  return vertical === 1 ? '' : ` / ${vertical}`;
};

const labelRules: RuleTable<[inputs: readonly Shape[]], string> = {
  input: () => 'input',
  conv2d: ({ kernel, stride, dilation, groups, outChannels }, [shape]) => {
    const dilated = dilation[0] * dilation[1] === 1 ? '' : ` dilated ${formatShape(dilation)}`;
    const size = `${formatShape(kernel)}${strideOf(stride)}${dilated}`;
    if (groups === 1 || groups !== shape?.[0])
      return `conv ${size}${groups === 1 ? '' : ` in ${groups} groups`}`;
    return `depthwise ${size}${outChannels === groups ? '' : ` (${outChannels / groups} per channel)`}`;
  },
  channelConv: ({ filters, kernel: [depth, height, width], channelStride }) => {
    const window = height * width === 1 ? depth : formatShape([depth, height, width]);
    return `${filters} kernel${filters === 1 ? '' : 's'} of ${window} along the channels${strideOf([channelStride, channelStride])}`;
  },
  dense: () => 'dense',
  batchNorm: () => 'BN',
  scale: () => 'scale',
  scaleGroups: ({ groups }) => (groups === 1 ? 'scale all' : `scale in ${groups} groups`),
  layerNorm: () => 'LN',
  groupNorm: ({ groups }) => `GN in ${groups} group${groups === 1 ? '' : 's'}`,
  l2Norm: ({ over }) => `L2 norm over the ${over}`,
  addPositions: () => 'add positions',
  activation: (op) => op.function,
  leakyRelu: ({ slope }) => `leaky relu ${slope}`,
  prelu: () => 'prelu',
  times: ({ factor }) => `times ${factor}`,
  add: () => 'add',
  mul: () => 'multiply',
  concat: () => 'concat',
  slice: ({ start, end }) => `channels ${start} to ${end - 1}`,
  permuteChannels: ({ groups }) => `permute by ${groups}`,
  globalAvgPool: () => 'global average',
  avgPool: ({ kernel, stride }) => `average ${formatShape(kernel)}${strideOf(stride)}`,
  maxPool: ({ kernel, stride }) => `maximum ${formatShape(kernel)}${strideOf(stride)}`,
  pad: ({ padding, fill }) => `pad ${padding.join(', ')}${fill === 'zero' ? '' : ` by its ${fill}`}`,
  resize: ({ size }) => `resize to ${formatShape(size)}`,
  matMul: ({ product, groups, shared }) =>
    `${product.replace('-', ' ')} of ${groups} head${groups === 1 ? '' : 's'}${shared ? ', one shared' : ''}`,
  linearAttention: ({ heads }) => `linear attention of ${heads} head${heads === 1 ? '' : 's'}`,
  softmax: ({ groups }) => `softmax of ${groups} head${groups === 1 ? '' : 's'}`,
  pixelSoftmax: () => 'softmax over the pixels',
  spaceToDepth: ({ size }) => `${size}x${size} pixels to channels`,
  depthToSpace: ({ size }) => `channels to ${size}x${size} pixels`,
  flatten: () => 'flatten',
};
