/** Finds out by trying which batches a candidate can be trained with in the memory that there is. */
import type { Plan } from '../../../../results/plan/plan.js';
import type { Engine } from '../../../engines/engine.js';
import type { Graph } from '../../../graph/graph.js';
import type { Weights } from '../../../graph/parameters.js';
import { elementCount } from '../../../graph/shape.js';
import type { Recipe } from '../../../recipe/recipe.js';
import { deployForm } from '../../../rewrite/deploy.js';
import { initialWeights } from '../../../train/initialise.js';
import { engineOf, plannedGraph, plannedRecipe } from '../../plan/planned.js';

/**
 * One training step, and one run of the form that is evaluated, for batches of 1, 2, 4 ... images up to the plan's. Tells of every
 * batch that has run. Rejects, or ends the process, where one does not fit.
 */
export const tryBatches = async (
  plan: Plan,
  candidate: string,
  onFit: (batch: number) => Promise<void>,
): Promise<void> => {
  const engine = engineOf(plan);
  const graph = await plannedGraph(plan, candidate);
  const weights = initialWeights(graph, 0);
  const recipe = plannedRecipe(plan);
  const threads = plan.conditions.trainThreads;
  for (const batch of batchesUpTo(recipe.batch)) {
    await trainOnce(engine, graph, weights, { ...recipe, batch }, threads);
    await evaluateOnce(engine, graph, weights, batch, threads);
    await onFit(batch);
  }
};

/** 1, 2, 4 ... and `most` itself. */
export const batchesUpTo = (most: number): readonly number[] => [
  ...Array.from({ length: Math.ceil(Math.log2(most)) }, (_, power) => 2 ** power),
  most,
];

const trainOnce = async (
  engine: Engine,
  graph: Graph,
  weights: Weights,
  recipe: Recipe,
  threads: number,
): Promise<void> => {
  const { batch, augmentation, learningRate } = recipe;
  const trainer = await engine.createTrainer(graph, weights, { batch, threads, recipe });
  const labels = new Int32Array(batch);
  const mixed = augmentation.mixup > 0 ? { mixed: { labels, shares: new Float32Array(batch).fill(1) } } : {};
  await trainer.step({ images: blankImages(graph, batch), labels, count: batch, ...mixed }, learningRate);
  await trainer.dispose();
};

const evaluateOnce = async (
  engine: Engine,
  graph: Graph,
  weights: Weights,
  batch: number,
  threads: number,
): Promise<void> => {
  const deployed = deployForm(graph);
  const predictor = await engine.createPredictor(deployed.graph, deployed.convert(weights), {
    batch,
    threads,
  });
  await predictor.run(blankImages(graph, batch));
  await predictor.dispose();
};

const blankImages = ({ input }: Graph, batch: number): Float32Array =>
  new Float32Array(batch * elementCount(input.shape));
