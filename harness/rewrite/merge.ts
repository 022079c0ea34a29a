/**
 * Branch merging, which makes re-parameterised operators free at inference (RepVGG, arXiv:2101.03697; Diverse Branch Block,
 * arXiv:2103.13425; RepSO and RefCO, arXiv:2306.06365; UniRepLKNet, arXiv:2311.15599). Convolution is linear in its kernel: convolutions
 * of one value, summed, are one convolution with the sum of their kernels. The value itself, scaled or averaged, is a convolution too, and
 * so are several linear operations in a row.
 */
import { type Graph, type GraphNode, nodeAt } from '../graph/graph.js';
import type { Op, Pair } from '../graph/operations/ops.js';
import { formatShape } from '../graph/shape.js';
import { total } from './channels.js';
import { embedded, regrouped } from './kernels.js';
import { type Chain, chainsFrom, type Linear, linearSources, workOf } from './linear.js';
import { type Replacement, type Replacements, readOnce, type Values, weightAndBias } from './rewrite.js';
import { commonTaps } from './taps.js';

/**
 * Merges those inputs of every sum that convolve one value with the same stride and groups. Single operations merge whatever the cost of
 * the smallest kernel that has all their taps. An average, or several operations in a row, joins them where that costs no more than it
 * does by itself: a bottleneck of two convolutions is cheaper than the one that would replace it. The merged convolution takes the path
 * of the sum where nothing else is left to add, else that of its first branch.
 */
export const mergeBranches = (graph: Graph): Replacements => {
  const readByOne = readOnce(graph);
  return new Map(
    graph.nodes
      .filter(({ op }) => op.kind === 'add')
      .flatMap((add) => {
        const family = firstFamily(graph, add, readByOne);
        return family ? merged(graph, add, family) : [];
      }),
  );
};

/** Inputs of a sum as convolutions of one earlier value. */
interface Family {
  readonly lead: Chain;
  readonly branches: readonly Chain[];
}

/** The first that has two branches or more; the others get their turn when the pass is repeated. */
const firstFamily = (
  graph: Graph,
  add: GraphNode,
  readByOne: (id: number) => boolean,
): Family | undefined => {
  const sources = add.inputs.map((id) => linearSources(graph, id, readByOne));
  const all = sources.flat();
  // Most sums are of a shortcut and a branch with activations, which have no value in common.
  if (new Set(all).size === all.length) return undefined;
  const inputs = sources.map((path) => chainsFrom(graph, path));
  const leads = inputs.flat().filter(({ linear }) => !linear.isDiagonal);
  for (const lead of [...leads.filter(isSingle), ...leads.filter((branch) => !isSingle(branch))]) {
    const source = nodeAt(graph, lead.from).shape;
    const alike = inputs.flatMap((chains) => chains.find((chain) => isLike(chain, lead)) ?? []);
    const branches = worthwhile(lead, alike, (op) => workOf(op, source[0], add.shape));
    if (branches.length > 1 && branches.includes(lead)) return { lead, branches };
  }
  return undefined;
};

/** Single operations, and of the others those that cost no less by themselves than in the family; the lead has the first choice. */
const worthwhile = (
  lead: Chain,
  alike: readonly Chain[],
  work: (op: Op<'conv2d'>) => number,
): readonly Chain[] => {
  const costOf = (branches: readonly Chain[]): number =>
    branches.every(({ linear }) => linear.isDiagonal)
      ? branches.reduce((sum, { linear }) => sum + linear.work, 0)
      : work(mergedOp(lead, branches));
  const family = alike.filter(isSingle);
  const others = alike.filter((branch) => !isSingle(branch));
  for (const branch of others.toSorted((a, b) => Number(b === lead) - Number(a === lead))) {
    if (costOf([...family, branch]) <= costOf(family) + branch.linear.work) family.push(branch);
  }
  return family;
};

/** At most one operation, and no average. */
const isSingle = ({ length, linear }: Chain): boolean =>
  length === 0 || (length === 1 && (!linear.isDiagonal || formatShape(linear.op.kernel) === '1x1'));

const isLike = ({ from, linear }: Chain, lead: Chain): boolean =>
  from === lead.from &&
  samePair(linear.op.stride, lead.linear.op.stride) &&
  (linear.isDiagonal || linear.op.groups === lead.linear.op.groups);

const mergedOp = (lead: Chain, branches: readonly Chain[]): Op<'conv2d'> => ({
  ...lead.linear.op,
  ...commonTaps(branches.map(({ linear }) => linear.op)),
  bias: branches.some(({ linear }) => linear.op.bias),
});

const merged = (
  graph: Graph,
  add: GraphNode,
  { lead, branches }: Family,
): readonly (readonly [number, Replacement])[] => {
  const op = mergedOp(lead, branches);
  const parameters = (values: Values) =>
    weightAndBias(
      total(branches.map(({ linear }) => kernelIn(op, linear, values))),
      branches.flatMap(({ linear }) => linear.offsets(values)),
    );
  const conv = { op, inputs: [lead.from], parameters };
  const ids = new Set(branches.map(({ to }) => to));
  const others = add.inputs.filter((id) => !ids.has(id));
  if (others.length === 0) return [[add.id, { like: add, value: 'same', ...conv }]];
  return [
    [lead.to, { like: nodeAt(graph, lead.to), value: 'new', ...conv }],
    [
      add.id,
      { like: add, value: 'same', op: add.op, inputs: [lead.to, ...others], parameters: noParameters },
    ],
  ];
};

/** The kernel of a branch in the merged convolution. */
const kernelIn = (op: Op<'conv2d'>, { op: own, kernel }: Linear, values: Values): Float64Array =>
  embedded({ op: own, values: regrouped({ op: own, values: kernel(values) }, op.groups) }, op);

const samePair = (a: Pair, b: Pair): boolean => a[0] === b[0] && a[1] === b[1];

const noParameters = (): ReadonlyMap<string, Float64Array> => new Map();
