/**
 * Convolution, batch norm and activation in a row, where second moments do not pay (see `fusion.ts`): the activation goes into the pass
 * of the batch norm, and the factors of the batch norm's gradient into the kernel, so that either direction saves a pass.
 */
import { consumersOf, type Graph, type GraphNode, inputShapes, nodeAt } from '../../../../graph/graph.js';
import { parametersOf } from '../../../../graph/parameters.js';
import type { Tensor } from '../../model.js';
import { type Lowered, rowLength, type TrainingContext } from '../context.js';
import { linearMap } from '../convolution/linear.js';
import { type FusableActivation, isFusable } from '../maps/activations.js';
import { batchNormParameters } from '../rules.js';
import { batchNorm } from './batch-norm.js';
import { type FusionPlan, linearBelow } from './fusion.js';

export interface Chain {
  readonly root: GraphNode;
  readonly source: GraphNode;
  readonly conv: GraphNode | null;
  readonly norm: GraphNode;
  readonly activation: FusableActivation | null;
}

/** Chains by the id of their root: of the batch norms that no fusion absorbs, those with a convolution before or an activation after. */
export const planChains = (graph: Graph, { byRoot, absorbed }: FusionPlan): ReadonlyMap<number, Chain> => {
  const consumers = consumersOf(graph);
  const only = (node: GraphNode): GraphNode | null => {
    const [id, ...others] = consumers[node.id] ?? [];
    return id === undefined || others.length > 0 ? null : nodeAt(graph, id);
  };
  const chains = graph.nodes.flatMap((norm): readonly Chain[] => {
    if (norm.op.kind !== 'batchNorm' || absorbed.has(norm.id) || byRoot.has(norm.id)) return [];
    const conv = linearBelow(graph, norm, (node) => only(node) !== null);
    const after = only(norm);
    const activation =
      after?.op.kind === 'activation' && isFusable(after.op.function) ? after.op.function : null;
    if (conv === null && activation === null) return [];
    const root = activation !== null && after !== null ? after : norm;
    return [{ root, source: nodeAt(graph, (conv ?? norm).inputs[0] ?? -1), conv, norm, activation }];
  });
  return new Map(chains.map((chain) => [chain.root.id, chain]));
};

export const lowerChain = (
  context: TrainingContext,
  graph: Graph,
  { conv, norm, activation }: Chain,
  x: Tensor,
): Lowered => {
  const { ops } = context;
  if (norm.op.kind !== 'batchNorm') throw new TypeError(`${norm.path} is not a batch norm.`);
  const rows = { channels: norm.shape[0], length: rowLength(context.layout, norm.shape) };
  const parameters = batchNormParameters(parametersOf(graph, norm), norm.op.epsilon);
  const site = conv && {
    node: conv,
    shapes: inputShapes(graph, conv),
    parameters: parametersOf(graph, conv),
  };
  const linear = site && linearMap(context, site, x);
  const input = linear ? linear.operator.forward(linear.weights) : x;
  const { output, backward } = batchNorm(context, parameters, input, rows, activation);
  return {
    output,
    backward: (gradient, [needed = true]) => {
      const arriving = backward(gradient, needed || linear !== null);
      if (arriving === null) return [null];
      const { factor, rows: unscaled } = arriving;
      if (linear === null) return [ops.mul(unscaled, ops.reshape(factor, rows.channels, 1))];
      const { operator, weights, setGradient } = linear;
      const column = ops.reshape(factor, operator.groups, operator.outputs, 1);
      setGradient(ops.mul(operator.weightGradient(unscaled), column));
      if (!needed) return [null];
      return [operator.inputGradient({ weights: ops.mul(weights, column), gradient: unscaled })];
    },
  };
};
