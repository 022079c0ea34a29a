/**
 * Branch merging, which makes re-parameterised operators (RepVGG, arXiv:2101.03697; RepSO and RefCO, arXiv:2306.06365) free at
 * inference. Convolution is linear in its kernel: convolutions of one value, summed, are one convolution with the sum of their
 * kernels. The value itself, scaled or not, is a convolution with a diagonal kernel.
 */
import { type Graph, type GraphNode, inputShapes, nodeAt } from '../graph/graph.js';
import type { Op, Pair } from '../graph/ops.js';
import { formatShape } from '../graph/shape.js';
import { outputShape } from '../graph/shape-rules.js';
import { total } from './channels.js';
import { commonWindow, diagonal, embedded, type Window } from './kernels.js';
import {
  parameterOf,
  type Replacement,
  type Replacements,
  readOnce,
  type Values,
  weightAndBias,
} from './rewrite.js';

/**
 * Merges those inputs of every sum that convolve one value with the same stride, dilation and groups: into the smallest kernel that
 * holds all of theirs, whatever its cost. It takes the path of the sum where nothing else is left to add, else that of its first
 * branch.
 */
export const mergeBranches = (graph: Graph): Replacements => {
  const readByOne = readOnce(graph);
  return new Map(
    graph.nodes
      .filter(({ op }) => op.kind === 'add')
      .flatMap((add) => {
        const family = firstFamily(graph, add, readByOne);
        return family ? merged(add, family) : [];
      }),
  );
};

/** An input of a sum as a convolution like the one that leads its family. */
interface Branch {
  readonly id: number;
  readonly window: Window;
  readonly bias: boolean;
  readonly kernel: (values: Values) => Float64Array;
  readonly offsets: (values: Values) => readonly Float64Array[];
}

type ReadByOne = (id: number) => boolean;

interface Family {
  readonly lead: GraphNode;
  readonly branches: readonly Branch[];
  readonly op: Op<'conv2d'>;
}

/** The first that has two branches or more; the others get their turn when the pass is repeated. */
const firstFamily = (graph: Graph, add: GraphNode, readByOne: ReadByOne): Family | undefined => {
  const inputs = add.inputs.map((id) => nodeAt(graph, id));
  for (const lead of inputs) {
    if (lead.op.kind !== 'conv2d' || !isAligned(lead.op) || !readByOne(lead.id)) continue;
    const branches = branchesLike(lead, lead.op, inputs, readByOne);
    const op = mergedOp(lead.op, branches);
    const fits = formatShape(outputShape(op, inputShapes(graph, lead))) === formatShape(add.shape);
    if (branches.length > 1 && fits) return { lead, branches, op };
  }
  return undefined;
};

const merged = (
  add: GraphNode,
  { lead, branches, op }: Family,
): readonly (readonly [number, Replacement])[] => {
  const window = windowOf(op);
  const parameters = (values: Values) => {
    const kernels = branches.map((branch) => embedded(branch.kernel(values), branch.window, window));
    return weightAndBias(
      total(kernels),
      branches.flatMap((branch) => branch.offsets(values)),
    );
  };
  const conv = { op, inputs: lead.inputs, parameters };
  const ids = new Set(branches.map(({ id }) => id));
  const others = add.inputs.filter((id) => !ids.has(id));
  if (others.length === 0) return [[add.id, { like: add, value: 'same', ...conv }]];
  return [
    [lead.id, { like: lead, value: 'new', ...conv }],
    [
      add.id,
      { like: add, value: 'same', op: add.op, inputs: [lead.id, ...others], parameters: noParameters },
    ],
  ];
};

const mergedOp = (op: Op<'conv2d'>, branches: readonly Branch[]): Op<'conv2d'> => {
  const { size, before } = commonWindow(branches.map(({ window }) => window));
  const padding: Pair = [before[0] * op.dilation[0], before[1] * op.dilation[1]];
  return { ...op, kernel: size, padding, bias: branches.some(({ bias }) => bias) };
};

const branchesLike = (
  lead: GraphNode,
  op: Op<'conv2d'>,
  inputs: readonly GraphNode[],
  readByOne: ReadByOne,
): readonly Branch[] => {
  const [source] = lead.inputs;
  const diagonalFits = samePair(op.stride, [1, 1]);
  const groupSize = op.outChannels / op.groups;
  return inputs.flatMap((node): readonly Branch[] => {
    if (node.id === source) return diagonalFits ? [identity(node, groupSize)] : [];
    if (node.inputs[0] !== source || !readByOne(node.id)) return [];
    if (node.op.kind === 'scale') return diagonalFits ? [scaled(node, node.op, groupSize)] : [];
    return node.op.kind === 'conv2d' && isLike(node.op, op) ? [convolution(node, node.op)] : [];
  });
};

const convolution = (node: GraphNode, op: Op<'conv2d'>): Branch => ({
  id: node.id,
  window: windowOf(op),
  bias: op.bias,
  kernel: (values) => parameterOf(values, node, 'weight'),
  offsets: (values) => (op.bias ? [parameterOf(values, node, 'bias')] : []),
});

const POINT: Window = { size: [1, 1], before: [0, 0] };

const scaled = (node: GraphNode, op: Op<'scale'>, groupSize: number): Branch => ({
  id: node.id,
  window: POINT,
  bias: op.bias,
  kernel: (values) => diagonal(parameterOf(values, node, 'weight'), groupSize),
  offsets: (values) => (op.bias ? [parameterOf(values, node, 'bias')] : []),
});

const identity = (node: GraphNode, groupSize: number): Branch => ({
  id: node.id,
  window: POINT,
  bias: false,
  kernel: () => diagonal(new Float64Array(node.shape[0]).fill(1), groupSize),
  offsets: () => [],
});

const windowOf = ({ kernel, padding, dilation }: Op<'conv2d'>): Window => ({
  size: kernel,
  before: [padding[0] / dilation[0], padding[1] / dilation[1]],
});

/** Whether a tap of the kernel lies on the pixel of the output, or would if the kernel were larger. */
const isAligned = ({ padding, dilation }: Op<'conv2d'>): boolean =>
  padding[0] % dilation[0] === 0 && padding[1] % dilation[1] === 0;

const isLike = (a: Op<'conv2d'>, b: Op<'conv2d'>): boolean =>
  isAligned(a) && samePair(a.stride, b.stride) && samePair(a.dilation, b.dilation) && a.groups === b.groups;

const samePair = (a: Pair, b: Pair): boolean => a[0] === b[0] && a[1] === b[1];

const noParameters = (): ReadonlyMap<string, Float64Array> => new Map();
