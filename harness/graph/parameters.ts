/** The parameters of every operation: names and shapes as in PyTorch, in the order in which they are exported. */
import { type Graph, type GraphNode, inputShapes } from './graph.js';
import { applyRule, type RuleTable } from './operations/ops.js';
import { elementCount, type Shape } from './shape.js';

/** What a parameter is: decides its initial value, its weight decay and whether it counts as learnable. */
export type ParameterRole =
  | 'kernel'
  | 'bias'
  | 'gamma'
  | 'beta'
  | 'slope'
  | 'running-mean'
  | 'running-variance';

interface OpParameter {
  readonly name: string;
  readonly role: ParameterRole;
  readonly shape: readonly number[];
}

export interface Parameter extends OpParameter {
  /** `<node path>.<name>`: unique in the graph. */
  readonly path: string;
  readonly size: number;
}

/** Values by parameter path. */
export type Weights = ReadonlyMap<string, Float32Array>;

/** Running statistics are state, not parameters: every other role is learnable. */
export const isLearnable = (parameter: { readonly role: ParameterRole }): boolean =>
  parameter.role !== 'running-mean' && parameter.role !== 'running-variance';

export const parametersOf = (graph: Graph, node: GraphNode): readonly Parameter[] =>
  applyRule(parameterRules, node.op, inputShapes(graph, node)).map(({ name, role, shape }) => ({
    name,
    role,
    shape,
    path: `${node.path}.${name}`,
    size: elementCount(shape),
  }));

/** An operation's parameter of a role that it has. Throws RangeError where it has none. */
export const parameterOfRole = (parameters: readonly Parameter[], role: ParameterRole): Parameter => {
  const parameter = parameters.find((candidate) => candidate.role === role);
  if (!parameter) throw new RangeError(`The operation has no parameter of role ${role}.`);
  return parameter;
};

/** Every parameter of the graph in execution order. */
export const graphParameters = (graph: Graph): readonly Parameter[] =>
  graph.nodes.flatMap((node) => parametersOf(graph, node));

const none = (): readonly OpParameter[] => [];

const kernel = (...shape: number[]): OpParameter => ({ name: 'weight', role: 'kernel', shape });

const bias = (present: boolean, size: number): readonly OpParameter[] =>
  present ? [{ name: 'bias', role: 'bias', shape: [size] }] : [];

const affine = (size: number, bias: boolean): readonly OpParameter[] => [
  { name: 'weight', role: 'gamma', shape: [size] },
  ...(bias ? [{ name: 'bias', role: 'beta', shape: [size] } as const] : []),
];

const channelsOf = ([shape]: readonly Shape[]): number => shape?.[0] ?? 0;

const parameterRules: RuleTable<[inputs: readonly Shape[]], readonly OpParameter[]> = {
  input: none,
  conv2d: (op, inputs) => [
    kernel(op.outChannels, channelsOf(inputs) / op.groups, ...op.kernel),
    ...bias(op.bias, op.outChannels),
  ],
  channelConv: (op) => [kernel(op.filters, 1, ...op.kernel)],
  dense: (op, inputs) => [kernel(op.outFeatures, channelsOf(inputs)), ...bias(op.bias, op.outFeatures)],
  batchNorm: (_op, inputs) => {
    const shape = [channelsOf(inputs)];
    return [
      ...affine(channelsOf(inputs), true),
      { name: 'running_mean', role: 'running-mean', shape },
      { name: 'running_var', role: 'running-variance', shape },
    ];
  },
  scale: (op, inputs) => affine(channelsOf(inputs), op.bias),
  scaleGroups: (op) => affine(op.groups, op.bias),
  layerNorm: (_op, inputs) => affine(channelsOf(inputs), true),
  groupNorm: (_op, inputs) => affine(channelsOf(inputs), true),
  l2Norm: none,
  addPositions: ({ codes }, inputs) => [
    kernel(channelsOf(inputs), 2 * codes, 1, 1),
    ...bias(true, channelsOf(inputs)),
  ],
  activation: none,
  leakyRelu: none,
  prelu: (op, inputs) => [{ name: 'weight', role: 'slope', shape: [op.perChannel ? channelsOf(inputs) : 1] }],
  times: none,
  add: none,
  mul: none,
  concat: none,
  slice: none,
  permuteChannels: none,
  globalAvgPool: none,
  avgPool: none,
  maxPool: none,
  pad: none,
  resize: none,
  matMul: none,
  linearAttention: none,
  softmax: none,
  pixelSoftmax: none,
  spaceToDepth: none,
  depthToSpace: none,
  flatten: none,
};
