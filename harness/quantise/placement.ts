/** Where every operation of a deploy form is computed in the int8 form: in integers, or in float32 and why. */
import { consumersOf, type Graph, type GraphNode } from '../graph/graph.js';
import { type ActivationFunction, applyRule, type RuleTable } from '../graph/operations/ops.js';
import { isMap } from '../graph/shape.js';

/** Where an operation is computed in the int8 form. */
export type Placement =
  /** By an integer kernel: reads and writes quantised values. */
  | { readonly state: 'integer' }
  /** Moves or picks values, or gives the network its images: whatever the values are, quantised or not. */
  | { readonly state: 'moves' }
  /** A clamp to what the operation before it can write at all once its output is quantised: it costs nothing. */
  | { readonly state: 'absorbed' }
  | { readonly state: 'float'; readonly reason: string };

/** By the id of the node. */
export const placementsOf = (graph: Graph): readonly Placement[] => {
  const consumers = consumersOf(graph);
  const placements: Placement[] = [];
  for (const node of graph.nodes) {
    const [source] = node.inputs;
    const isForItAlone =
      source !== undefined &&
      source !== graph.output.id &&
      placements[source]?.state === 'integer' &&
      consumers[source]?.length === 1;
    placements.push(applyRule(placementRules, node.op, { node, isForItAlone }));
  }
  return placements;
};

interface Site {
  readonly node: GraphNode;
  /** Whether an integer kernel writes the input, and nothing else reads it. */
  readonly isForItAlone: boolean;
}

const integer: Placement = { state: 'integer' };

const moves: Placement = { state: 'moves' };

const inFloat = (reason: string): Placement => ({ state: 'float', reason });

const BOTH_FROM_THE_IMAGE =
  'all that it multiplies depends on the image, and nothing is a weight to quantise';

const NO_KERNEL = 'onnxruntime has no integer kernel for it';

const placementRules: RuleTable<[site: Site], Placement> = {
  input: () => moves,
  conv2d: () => integer,
  channelConv: () => integer,
  dense: () => integer,
  batchNorm: () => inFloat('it is not folded into a convolution'),
  /** Of a map it is a depthwise convolution of one tap. */
  scale: (_op, { node }) => (isMap(node.shape) ? integer : inFloat('a scale of a vector is no convolution')),
  scaleGroups: () => inFloat(NO_KERNEL),
  layerNorm: () => inFloat(NO_KERNEL),
  groupNorm: () => inFloat(NO_KERNEL),
  l2Norm: () => inFloat(NO_KERNEL),
  addPositions: () => inFloat('what it adds is computed once, whatever the image'),
  activation: (op, site) => activationRules[op.function](site),
  leakyRelu: () => integer,
  prelu: () => inFloat(NO_KERNEL),
  times: () => inFloat(NO_KERNEL),
  add: (_op, { node }) =>
    node.inputs.length === 2 ? integer : inFloat('onnxruntime adds two quantised values at a time'),
  mul: () => integer,
  concat: () => integer,
  slice: () => moves,
  permuteChannels: () => moves,
  globalAvgPool: () => integer,
  avgPool: () => integer,
  maxPool: () => moves,
  pad: () => inFloat(NO_KERNEL),
  resize: () => moves,
  matMul: () => inFloat(BOTH_FROM_THE_IMAGE),
  linearAttention: () => inFloat(BOTH_FROM_THE_IMAGE),
  softmax: () => inFloat(NO_KERNEL),
  pixelSoftmax: () => inFloat(NO_KERNEL),
  spaceToDepth: () => inFloat(NO_KERNEL),
  depthToSpace: () => inFloat(NO_KERNEL),
  flatten: () => moves,
};

const clamp = ({ isForItAlone }: Site): Placement =>
  isForItAlone
    ? { state: 'absorbed' }
    : inFloat('what it clamps is not written by an integer kernel for it alone');

const activationRules: Record<ActivationFunction, (site: Site) => Placement> = {
  relu: clamp,
  relu6: clamp,
  sigmoid: () => integer,
  /** A sigmoid and a product. */
  silu: () => integer,
  gelu: () => inFloat(NO_KERNEL),
  'hard-sigmoid': () => inFloat(NO_KERNEL),
  'hard-swish': () => inFloat(NO_KERNEL),
};
