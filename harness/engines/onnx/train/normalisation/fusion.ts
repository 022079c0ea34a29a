/**
 * Finds what is trained as one operator: batch-normalised linear branches of one input, alone or summed (see
 * `normalised-sum.ts`). A fusion replaces the nodes it absorbs and ends at its root; everything else goes by the rules.
 */
import { consumersOf, type Graph, type GraphNode, inputShapes, nodeAt } from '../../../../graph/graph.js';
import type { Op, Pair } from '../../../../graph/operations/ops.js';
import { elementCount, isMap } from '../../../../graph/shape.js';
import { rowLength } from '../context.js';
import { denseForm } from '../convolution/channel-convolution.js';
import { productCost } from './row-passes.js';

export interface FusedBranch {
  readonly norm: GraphNode;
  /** The branch's convolution; null for a batch norm of the source itself. */
  readonly conv: GraphNode | null;
}

export interface Fusion {
  readonly root: GraphNode;
  readonly source: GraphNode;
  readonly branches: readonly FusedBranch[];
  /** The one convolution into which all branches' kernels fit. */
  readonly merged: Op<'conv2d'>;
}

/** Fusions by the id of their root, and the ids of all nodes that they absorb. */
export interface FusionPlan {
  readonly byRoot: ReadonlyMap<number, Fusion>;
  readonly absorbed: ReadonlySet<number>;
}

/** What pays depends on the images in a batch. */
export const planFusions = (graph: Graph, batch: number): FusionPlan => {
  const consumers = consumersOf(graph);
  const readOnce = (node: GraphNode): boolean => consumers[node.id]?.length === 1;
  const byRoot = new Map<number, Fusion>();
  const absorbed = new Set<number>();
  const accept = (fusion: Fusion): void => {
    byRoot.set(fusion.root.id, fusion);
    for (const { norm, conv } of fusion.branches) {
      absorbed.add(norm.id);
      if (conv) absorbed.add(conv.id);
    }
    absorbed.delete(fusion.root.id);
  };

  for (const node of graph.nodes) {
    if (node.op.kind !== 'add') continue;
    const branches = node.inputs.map((id) => branchAt(graph, nodeAt(graph, id), readOnce));
    const fusion = branches.every((branch) => branch !== null && readOnce(branch.norm))
      ? fuse(
          graph,
          node,
          branches.filter((branch) => branch !== null),
        )
      : null;
    if (fusion) accept(fusion);
  }
  for (const node of graph.nodes) {
    if (node.op.kind !== 'batchNorm' || absorbed.has(node.id)) continue;
    const branch = branchAt(graph, node, readOnce);
    const fusion = branch?.conv ? fuse(graph, node, [branch]) : null;
    if (fusion && paysAlone(graph, batch, fusion)) accept(fusion);
  }
  return { byRoot, absorbed };
};

const branchAt = (
  graph: Graph,
  norm: GraphNode,
  readOnce: (node: GraphNode) => boolean,
): FusedBranch | null => {
  if (norm.op.kind !== 'batchNorm') return null;
  return { norm, conv: linearBelow(graph, norm, readOnce) };
};

/** The convolution without bias that a batch norm alone reads; null where there is none. */
export const linearBelow = (
  graph: Graph,
  norm: GraphNode,
  readOnce: (node: GraphNode) => boolean,
): GraphNode | null => {
  const below = nodeAt(graph, norm.inputs[0] ?? -1);
  const { op } = below;
  const linear = (op.kind === 'conv2d' && !op.bias) || op.kind === 'channelConv';
  return linear && readOnce(below) ? below : null;
};

const sourceOf = (graph: Graph, { norm, conv }: FusedBranch): GraphNode =>
  nodeAt(graph, (conv ?? norm).inputs[0] ?? -1);

const fuse = (graph: Graph, root: GraphNode, branches: readonly FusedBranch[]): Fusion | null => {
  const [first] = branches;
  if (!first) return null;
  const source = sourceOf(graph, first);
  if (branches.some((branch) => sourceOf(graph, branch).id !== source.id)) return null;
  if (branches.filter(({ conv }) => conv === null).length > 1) return null;
  const convs = branches.flatMap(({ conv }) => (conv ? [convolutionOf(conv)] : []));
  const merged = mergedConvolution(convs, branches.length > convs.length, source.shape[0]);
  return merged ? { root, source, branches, merged } : null;
};

/** A branch's convolution; the dense form of a channel-wise one. */
export const convolutionOf = ({ op, shape, path }: GraphNode): Op<'conv2d'> => {
  if (op.kind === 'channelConv') return denseForm(op, shape[0]);
  if (op.kind === 'conv2d') return op;
  throw new TypeError(`${path} is not a convolution.`);
};

/** The smallest convolution that holds all kernels centred; null where groups, strides, dilations or paddings do not agree. */
const mergedConvolution = (
  convs: readonly Op<'conv2d'>[],
  withIdentity: boolean,
  channels: number,
): Op<'conv2d'> | null => {
  const [first] = convs;
  if (!first) return null;
  const largest = (axis: 0 | 1): number => Math.max(...convs.map((conv) => conv.kernel[axis]));
  const kernel: Pair = [largest(0), largest(1)];
  const agree = convs.every(
    (conv) =>
      conv.groups === first.groups &&
      conv.outChannels === first.outChannels &&
      samePair(conv.stride, first.stride) &&
      samePair(conv.dilation, first.dilation) &&
      centred(conv),
  );
  if (!agree) return null;
  const keepsMap = first.outChannels === channels && samePair(first.stride, [1, 1]);
  if (withIdentity && !keepsMap) return null;
  if (convs.length === 1 && !withIdentity) return first;
  if (!convs.every(isSame)) return null;
  const padding: Pair = [reachOf(kernel[0], first.dilation[0]), reachOf(kernel[1], first.dilation[1])];
  return { ...first, kernel, padding };
};

const samePair = (a: Pair, b: Pair): boolean => a[0] === b[0] && a[1] === b[1];

const reachOf = (kernel: number, dilation: number): number => (dilation * (kernel - 1)) / 2;

const centred = (conv: Op<'conv2d'>): boolean => conv.kernel.every((size) => size % 2 === 1);

const isSame = (conv: Op<'conv2d'>): boolean =>
  samePair(conv.padding, [
    reachOf(conv.kernel[0], conv.dilation[0]),
    reachOf(conv.kernel[1], conv.dilation[1]),
  ]);

/** Multiply-accumulates in the time that batch norm's own passes take for one value, forward and backward. */
const PASSES_IN_MACS = 44;

/** The same of what second moments add to a value of the input: one more term of its gradient. */
const ADDITION_IN_MACS = 24;

/**
 * A single branch is worth its second moments where it is a pointwise convolution and they cost less than the passes of batch norm
 * over the outputs: two products of inputs^2 per pixel and group, and three of inputs^2 per output.
 */
const paysAlone = (graph: Graph, batch: number, { root, merged, branches }: Fusion): boolean => {
  const conv = branches[0]?.conv;
  const [shape] = conv ? inputShapes(graph, conv) : [];
  if (!shape || !isMap(shape)) return false;
  const pointwise =
    elementCount(merged.kernel) === 1 && samePair(merged.stride, [1, 1]) && samePair(merged.padding, [0, 0]);
  const pixels = rowLength({ batch }, root.shape);
  const [inputs, outputs] = [shape[0] / merged.groups, merged.outChannels / merged.groups];
  const perPixel = productCost(inputs, inputs) + inputs ** 2 + ADDITION_IN_MACS * inputs;
  const moments = perPixel * pixels + 3 * inputs ** 2 * outputs;
  return pointwise && moments <= PASSES_IN_MACS * outputs * pixels;
};
