/**
 * A whole training step as one ONNX model: forward, backward and the optimiser's update.
 *
 *   images [N, C, H, W], labels [N], (second labels [N], shares [N] of the first,) rate and other scalars, parameters [P], momenta [P],
 *   (other moments [P],) statistics [S], (averages [P], [S])
 *     -> loss, and each of these vectors anew
 */
import { type Graph, type GraphNode, inputShapes, nodeAt } from '../../../graph/graph.js';
import { parametersOf } from '../../../graph/parameters.js';
import { elementCount, type MapShape } from '../../../graph/shape.js';
import type { Int8Form } from '../../../quantise/quantise.js';
import type { StepRecipe } from '../../../recipe/recipe.js';
import { classCount } from '../../class-count.js';
import type { TrainerOptions } from '../../engine.js';
import { OnnxModel, type Tensor } from '../model.js';
import { TensorOps } from '../tensor-ops.js';
import { type Lowered, TrainingContext } from './context.js';
import { blockedMomentsFit } from './convolution/choose-convolution.js';
import { geometryOf } from './convolution/geometry.js';
import { isAbsorbed, roundedKernels, roundedValue } from './fake-quantise.js';
import { crossEntropy, type Mixture } from './loss.js';
import { mapShape } from './maps/map-shape.js';
import { type Chain, lowerChain, planChains } from './normalisation/chain.js';
import { lowerFusion, piecesOf } from './normalisation/fused-sum.js';
import { type FusionPlan, planFusions } from './normalisation/fusion.js';
import { movedStatistics } from './normalisation/running-statistics.js';
import { lowerForTraining, sumOf } from './rules.js';
import { updateState } from './update/optimizer.js';
import { type ScalarInput, stepScalars } from './update/scalars.js';
import { joinState, type Piece, type StateLayout, splitState, stateLayout } from './update/state.js';
import { outputOf, stateVectors, vectorOf, vectorSize } from './update/vectors.js';

export const LOSS = 'loss';

export interface TrainingModel {
  readonly bytes: Uint8Array;
  readonly layout: StateLayout;
  /** Classes the labels choose from. */
  readonly classes: number;
}

export interface TrainingModelOptions extends Pick<TrainerOptions, 'batch' | 'recipe'> {
  /** See `blockSize`. */
  readonly block: number | null;
  /** Of the graph: the step computes with its rounding and clipping (see `fake-quantise.ts`). */
  readonly int8?: Int8Form;
}

/** With `gradientsOnly`, the new parameters are the loss's gradients instead: what tests compare. */
export const trainingModel = (
  graph: Graph,
  { batch, recipe, block, int8 }: TrainingModelOptions,
  { gradientsOnly = false }: { readonly gradientsOnly?: boolean } = {},
): TrainingModel => {
  const classes = classCount(graph);
  const plan = planFusions(graph, batch);
  const lanes = lanesOf(plan, batch, block);
  const layout = stateLayout(statePieces(graph, plan));
  const model = new OnnxModel('training_step');
  const ops = new TensorOps(model, block);
  const images = model.input('images', 'float32', [batch, ...graph.input.shape]);
  const labels = model.input('labels', 'int64', [batch]);
  const mixture = recipe.augmentation.mixup === 0 ? null : mixtureInputs(model, batch);
  const scalars = scalarInputs(model, recipe);
  const sizes = new Map(stateVectors(recipe).map((vector) => [vector, vectorSize(layout, vector)]));
  const state = new Map([...sizes].map(([vector, size]) => [vector, model.input(vector, 'float32', [size])]));
  const parameters = vectorOf(state, 'parameters');
  const statistics = vectorOf(state, 'statistics');

  const pieces = new Map([
    ...splitState(ops, parameters, layout.parameters),
    ...(layout.statisticCount === 0 ? [] : splitState(ops, statistics, layout.statistics)),
  ]);
  const context = new TrainingContext(
    ops,
    { batch, lanes },
    int8 === undefined ? pieces : roundedKernels(ops, int8, pieces),
  );
  const units: Units = { fusions: plan, chains: planChains(graph, plan) };
  const lowered = forward(context, graph, units, rowsOfImages(context, images, graph.input.shape), int8);
  const logits = lowered.get(graph.output.id)?.output ?? images;
  const { loss, gradient } = crossEntropy(ops, logits, labels, {
    classes,
    batch,
    smoothing: recipe.labelSmoothing,
    mixture,
  });
  backward(context, graph, lowered, units, gradient);

  const gradients = joinState(ops, layout.parameters, context.gradients);
  const newStatistics = movedStatistics(ops, layout.statistics, statistics, context);
  const updated = gradientsOnly
    ? new Map([...state, ['parameters', gradients] as const])
    : updateState({ ops, layout, recipe, state, scalars }, gradients, newStatistics);
  const result = (name: string, tensor: Tensor, shape: readonly number[]): void =>
    model.output(tensor === name ? tensor : model.node('Identity', [tensor], { name }), 'float32', shape);
  result(LOSS, loss, []);
  for (const [vector, size] of sizes) result(outputOf(vector), vectorOf(updated, vector), [size]);
  return { bytes: model.serialize(), layout, classes };
};

/** [N, C, H, W] -> [C, N H W]. Many short rows turned are a product with ones and zeros: three times as fast as a Transpose. */
const rowsOfImages = ({ ops, layout }: TrainingContext, images: Tensor, shape: MapShape): Tensor => {
  const { batch, lanes } = layout;
  const [channels, height, width] = shape;
  const blocks = batch / lanes;
  const size = height * width * lanes;
  const identity = Float32Array.from({ length: lanes ** 2 }, (_, i) => (i % (lanes + 1) === 0 ? 1 : 0));
  const values = ops.reshape(images, blocks, lanes, channels * height * width);
  const turned =
    lanes === 1 ? values : ops.matMulTransA(values, ops.model.constant(identity, [lanes, lanes]));
  const byImage = ops.reshape(turned, blocks, channels, size);
  return ops.reshape(channels === 1 ? byImage : ops.transpose(byImage, 1, 0, 2), channels, blocks * size);
};

/**
 * The blocked convolution's block where the batch divides into it. Summed depthwise branches whose moments it does not give want
 * images one after another: there they are products of windows.
 */
const lanesOf = ({ byRoot }: FusionPlan, batch: number, block: number | null): number => {
  if (block === null || batch % block !== 0) return 1;
  const windowed = [...byRoot.values()].some(({ root, source, merged }) => {
    const layout = { batch, lanes: block };
    const geometry = geometryOf(merged, layout, mapShape(source.shape), mapShape(root.shape));
    const spatial = merged.groups === source.shape[0] && elementCount(merged.kernel) > 1;
    return spatial && !blockedMomentsFit(block, geometry);
  });
  return windowed ? 1 : block;
};

const mixtureInputs = (model: OnnxModel, batch: number): Mixture => ({
  labels: model.input('second_labels', 'int64', [batch]),
  shares: model.input('shares', 'float32', [batch]),
});

const scalarInputs = (model: OnnxModel, recipe: StepRecipe): ReadonlyMap<ScalarInput, Tensor> =>
  new Map([...stepScalars(recipe, 1, 0).keys()].map((name) => [name, model.input(name, 'float32', [])]));

/** What fusions read together, and every other parameter by itself, in execution order. */
const statePieces = (graph: Graph, plan: FusionPlan): readonly Piece[] =>
  graph.nodes.flatMap((node): readonly Piece[] => {
    const fusion = plan.byRoot.get(node.id);
    if (fusion) return piecesOf(graph, fusion);
    return plan.absorbed.has(node.id) ? [] : parametersOf(graph, node).map((parameter): Piece => [parameter]);
  });

/** What is lowered as one, instead of node by node. */
interface Units {
  readonly fusions: FusionPlan;
  readonly chains: ReadonlyMap<number, Chain>;
}

const forward = (
  context: TrainingContext,
  graph: Graph,
  { fusions, chains }: Units,
  images: Tensor,
  int8: Int8Form | undefined,
): ReadonlyMap<number, Lowered> => {
  const lowered = new Map<number, Lowered>();
  const outputOf = (id: number): Tensor => {
    const value = lowered.get(id);
    if (!value) throw new RangeError(`${nodeAt(graph, id).path} has not been lowered.`);
    return value.output;
  };
  const inChains = new Set([...chains.values()].flatMap(({ conv, norm }) => [conv?.id, norm.id]));
  const lower = (node: GraphNode): Lowered => {
    const fusion = fusions.byRoot.get(node.id);
    if (fusion) return lowerFusion(context, graph, fusion, outputOf(fusion.source.id));
    const chain = chains.get(node.id);
    if (chain) return lowerChain(context, graph, chain, outputOf(chain.source.id));
    const inputs = node.op.kind === 'input' ? [images] : node.inputs.map(outputOf);
    if (int8 && isAbsorbed(int8, node))
      return { output: inputs[0] ?? images, backward: (gradient) => [gradient] };
    const value = lowerForTraining(context, {
      ...{ node, inputs },
      shapes: inputShapes(graph, node),
      parameters: parametersOf(graph, node),
    });
    return int8 ? roundedValue(context.ops, int8, node, value) : value;
  };
  for (const node of graph.nodes) {
    const within = fusions.absorbed.has(node.id) || (inChains.has(node.id) && !chains.has(node.id));
    if (!within) lowered.set(node.id, lower(node));
  }
  return lowered;
};

const backward = (
  context: TrainingContext,
  graph: Graph,
  lowered: ReadonlyMap<number, Lowered>,
  units: Units,
  lossGradient: Tensor,
): void => {
  const needed = leadingToParameters(graph);
  const arriving = new Map<number, Tensor[]>([[graph.output.id, [lossGradient]]]);
  for (const node of [...graph.nodes].reverse()) {
    const gradients = arriving.get(node.id);
    const value = lowered.get(node.id);
    if (!gradients || !value || node.op.kind === 'input') continue;
    const inputs = gradientInputs(node, units);
    const flags = inputs.map((id) => needed[id] ?? false);
    value.backward(sumOf(context, gradients, node.shape), flags).forEach((gradient, position) => {
      const id = inputs[position];
      if (gradient === null || id === undefined || !needed[id]) return;
      arriving.set(id, [...(arriving.get(id) ?? []), gradient]);
    });
  }
};

const gradientInputs = (node: GraphNode, { fusions, chains }: Units): readonly number[] => {
  const unit = fusions.byRoot.get(node.id) ?? chains.get(node.id);
  return unit ? [unit.source.id] : node.inputs;
};

/** For every node, whether any parameter stands at it or before it. */
const leadingToParameters = (graph: Graph): readonly boolean[] => {
  const leads: boolean[] = [];
  for (const node of graph.nodes) {
    leads.push(parametersOf(graph, node).length > 0 || node.inputs.some((id) => leads[id] ?? false));
  }
  return leads;
};
