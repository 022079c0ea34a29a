/**
 * A whole training step as one ONNX model: forward, backward and the optimiser's update.
 *
 *   images [N, C, H, W], labels [N], rate, parameters [P], momenta [P], statistics [S]
 *     -> loss, new parameters [P], new momenta [P], new statistics [S]
 */
import { type Graph, type GraphNode, inputShapes, nodeAt } from '../../../graph/graph.js';
import { parametersOf } from '../../../graph/parameters.js';
import { classCount } from '../../class-count.js';
import type { TrainerOptions } from '../../engine.js';
import { OnnxModel, type Tensor } from '../model.js';
import { TensorOps } from '../tensor-ops.js';
import { type Lowered, TrainingContext } from './context.js';
import { lowerFusion, piecesOf } from './fused-sum.js';
import { type FusionPlan, planFusions } from './fusion.js';
import { crossEntropy } from './loss.js';
import { sgd } from './optimizer.js';
import { lowerForTraining } from './rules.js';
import { joinState, type Piece, type StateLayout, splitState, stateLayout } from './state.js';

export const OUTPUTS = {
  loss: 'loss',
  parameters: 'new_parameters',
  momenta: 'new_momenta',
  statistics: 'new_statistics',
} as const;

export interface TrainingModel {
  readonly bytes: Uint8Array;
  readonly layout: StateLayout;
  /** Classes the labels choose from. */
  readonly classes: number;
}

/** With `gradientsOnly`, `new_parameters` holds the loss's gradients instead: what tests compare. */
export const trainingModel = (
  graph: Graph,
  { batch, recipe }: Pick<TrainerOptions, 'batch' | 'recipe'>,
  { gradientsOnly = false }: { readonly gradientsOnly?: boolean } = {},
): TrainingModel => {
  const classes = classCount(graph);
  const plan = planFusions(graph);
  const layout = stateLayout(statePieces(graph, plan));
  const model = new OnnxModel('training_step');
  const ops = new TensorOps(model);
  const images = model.input('images', 'float32', [batch, ...graph.input.shape]);
  const labels = model.input('labels', 'int64', [batch]);
  const rate = model.input('rate', 'float32', []);
  const parameters = model.input('parameters', 'float32', [layout.parameterCount]);
  const momenta = model.input('momenta', 'float32', [layout.parameterCount]);
  const statistics = model.input('statistics', 'float32', [layout.statisticCount]);

  const context = new TrainingContext(
    ops,
    batch,
    new Map([
      ...splitState(ops, parameters, layout.parameters),
      ...(layout.statisticCount === 0 ? [] : splitState(ops, statistics, layout.statistics)),
    ]),
  );
  const [channels, height, width] = graph.input.shape;
  const channelsFirst = ops.reshape(ops.transpose(images, 1, 0, 2, 3), channels, batch * height * width);
  const lowered = forward(context, graph, plan, channelsFirst);
  const logits = lowered.get(graph.output.id)?.output ?? channelsFirst;
  const { loss, gradient } = crossEntropy(ops, logits, labels, {
    classes,
    batch,
    smoothing: recipe.labelSmoothing,
  });
  backward(context, graph, lowered, plan, gradient);

  const gradients = joinState(ops, layout.parameters, context.gradients);
  const updated = gradientsOnly
    ? { parameters: gradients, momenta }
    : sgd(ops, layout, recipe, { parameters, momenta, gradients, rate });
  const result = (name: string, tensor: Tensor, shape: readonly number[]): void =>
    model.output(model.node('Identity', [tensor], { name }), 'float32', shape);
  result(OUTPUTS.loss, loss, []);
  result(OUTPUTS.parameters, updated.parameters, [layout.parameterCount]);
  result(OUTPUTS.momenta, updated.momenta, [layout.parameterCount]);
  const fresh =
    layout.statisticCount === 0 ? statistics : joinState(ops, layout.statistics, context.newStatistics);
  result(OUTPUTS.statistics, fresh, [layout.statisticCount]);
  return { bytes: model.serialize(), layout, classes };
};

/** What fusions read together, and every other parameter by itself, in execution order. */
const statePieces = (graph: Graph, plan: FusionPlan): readonly Piece[] =>
  graph.nodes.flatMap((node): readonly Piece[] => {
    const fusion = plan.byRoot.get(node.id);
    if (fusion) return piecesOf(graph, fusion);
    return plan.absorbed.has(node.id) ? [] : parametersOf(graph, node).map((parameter): Piece => [parameter]);
  });

const forward = (
  context: TrainingContext,
  graph: Graph,
  plan: FusionPlan,
  images: Tensor,
): ReadonlyMap<number, Lowered> => {
  const lowered = new Map<number, Lowered>();
  const outputOf = (id: number): Tensor => {
    const value = lowered.get(id);
    if (!value) throw new RangeError(`${nodeAt(graph, id).path} has not been lowered.`);
    return value.output;
  };
  for (const node of graph.nodes) {
    const fusion = plan.byRoot.get(node.id);
    if (plan.absorbed.has(node.id)) continue;
    lowered.set(
      node.id,
      fusion
        ? lowerFusion(context, graph, fusion, outputOf(fusion.source.id))
        : lowerForTraining(context, {
            node,
            inputs: node.op.kind === 'input' ? [images] : node.inputs.map(outputOf),
            shapes: inputShapes(graph, node),
            parameters: parametersOf(graph, node),
          }),
    );
  }
  return lowered;
};

const backward = (
  context: TrainingContext,
  graph: Graph,
  lowered: ReadonlyMap<number, Lowered>,
  plan: FusionPlan,
  lossGradient: Tensor,
): void => {
  const needed = leadingToParameters(graph);
  const arriving = new Map<number, Tensor[]>([[graph.output.id, [lossGradient]]]);
  for (const node of [...graph.nodes].reverse()) {
    const gradients = arriving.get(node.id);
    const value = lowered.get(node.id);
    if (!gradients || !value || node.op.kind === 'input') continue;
    const inputs = gradientInputs(node, plan);
    const flags = inputs.map((id) => needed[id] ?? false);
    value.backward(context.ops.total(gradients), flags).forEach((gradient, position) => {
      const id = inputs[position];
      if (gradient === null || id === undefined || !needed[id]) return;
      arriving.set(id, [...(arriving.get(id) ?? []), gradient]);
    });
  }
};

const gradientInputs = (node: GraphNode, plan: FusionPlan): readonly number[] => {
  const fusion = plan.byRoot.get(node.id);
  return fusion ? [fusion.source.id] : node.inputs;
};

/** For every node, whether any parameter stands at it or before it. */
const leadingToParameters = (graph: Graph): readonly boolean[] => {
  const leads: boolean[] = [];
  for (const node of graph.nodes) {
    leads.push(parametersOf(graph, node).length > 0 || node.inputs.some((id) => leads[id] ?? false));
  }
  return leads;
};
