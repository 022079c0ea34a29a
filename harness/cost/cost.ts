import { type Graph, type GraphNode, inputShapes } from '../graph/graph.js';
import { applyRule, type RuleTable } from '../graph/operations/ops.js';
import { isLearnable, parametersOf } from '../graph/parameters.js';
import { elementCount, type Shape } from '../graph/shape.js';
import { COST_KINDS, type CostKind } from './kinds.js';
import { opCost } from './rules.js';

/** What is counted of everything. */
export interface Totals {
  /** Learnable scalars: batch-norm scale and shift included, running statistics excluded. */
  readonly params: number;
  /** Multiply-accumulates of convolutions, dense layers and matrix products, one image. */
  readonly macs: number;
  /** Every floating-point operation, one image. */
  readonly flops: number;
}

/** The costs of one operation. */
export interface OpCostRow extends Totals {
  readonly path: string;
  readonly kind: CostKind;
  readonly op: string;
  readonly output: readonly number[];
  /** Path of the basic block under test, absent in the skeleton. */
  readonly block?: string;
}

/** The costs of a graph, by kind and by operation. */
export interface Cost extends Totals {
  /** Bytes that all operations together write for one image in float32: the memory traffic of activations. */
  readonly activationBytes: number;
  readonly byKind: Readonly<Record<CostKind, Totals>>;
  readonly perOp: readonly OpCostRow[];
}

/** Costs of a graph as it stands, from shapes alone: no weights are allocated. */
export const cost = (graph: Graph): Cost => {
  const perOp = graph.nodes.map((node) => costRow(graph, node));
  const kinds = COST_KINDS.map((kind) => [kind, total(perOp.filter((row) => row.kind === kind))] as const);
  return {
    ...total(perOp),
    activationBytes: graph.nodes.reduce((bytes, node) => bytes + bytesWritten(node), 0),
    byKind: Object.fromEntries(kinds) as Record<CostKind, Totals>,
    perOp,
  };
};

/** Share of parameters and MACs that the blocks under test hold; the rest is stem, subsampling and head (the dilution). */
export const blockShare = ({
  perOp,
  params,
  macs,
}: Cost): { readonly params: number; readonly macs: number } => {
  const inBlocks = total(perOp.filter((row) => row.block !== undefined));
  return { params: inBlocks.params / params, macs: inBlocks.macs / macs };
};

const costRow = (graph: Graph, node: GraphNode): OpCostRow => {
  const shapes = inputShapes(graph, node);
  const learnable = parametersOf(graph, node).filter(isLearnable);
  return {
    path: node.path,
    kind: applyRule(kindRules, node.op, shapes),
    op: node.op.kind,
    output: node.shape,
    params: learnable.reduce((sum, parameter) => sum + parameter.size, 0),
    ...opCost(node.op, shapes, node.shape),
    ...(node.block === undefined ? {} : { block: node.block }),
  };
};

const total = (rows: readonly OpCostRow[]): Totals => {
  const sum = { params: 0, macs: 0, flops: 0 };
  for (const row of rows) {
    sum.params += row.params;
    sum.macs += row.macs;
    sum.flops += row.flops;
  }
  return sum;
};

const FLOAT32_BYTES = 4;

const bytesWritten = (node: GraphNode): number =>
  node.op.kind === 'input' || node.op.kind === 'flatten' ? 0 : FLOAT32_BYTES * elementCount(node.shape);

const other = (): CostKind => 'other';

const attention = (): CostKind => 'attention';

const kindRules: RuleTable<[inputs: readonly Shape[]], CostKind> = {
  input: other,
  conv2d: (op, [shape]) => {
    if (op.groups > 1 && op.groups === shape?.[0]) return 'depthwise';
    return elementCount(op.kernel) === 1 ? 'pointwise' : 'convolution';
  },
  channelConv: (op) => (op.kernel[1] * op.kernel[2] === 1 ? 'pointwise' : 'convolution'),
  dense: () => 'linear',
  batchNorm: () => 'normalization',
  scale: () => 'normalization',
  scaleGroups: () => 'normalization',
  layerNorm: () => 'normalization',
  groupNorm: () => 'normalization',
  l2Norm: () => 'normalization',
  addPositions: () => 'pointwise',
  activation: other,
  leakyRelu: other,
  prelu: other,
  times: other,
  add: other,
  mul: other,
  concat: other,
  slice: other,
  permuteChannels: other,
  globalAvgPool: other,
  avgPool: other,
  maxPool: other,
  pad: other,
  resize: other,
  matMul: attention,
  linearAttention: attention,
  softmax: other,
  pixelSoftmax: other,
  spaceToDepth: other,
  depthToSpace: other,
  flatten: other,
};
