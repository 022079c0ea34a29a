/** One training of a plan: of a trial, or of a try of a learning rate. */
import type { Plan } from '../../results/record.js';
import { initialWeights } from '../train/initialise.js';
import { type Epoch, trainNetwork } from '../train/loop.js';
import type { Recipe } from '../train/recipe.js';
import { loadTraining, saveTraining } from './checkpoint-file.js';
import { plannedDataset, plannedEngine, plannedGraph } from './planned.js';

export interface PlannedTraining {
  readonly plan: Plan;
  readonly key: string;
  readonly candidate: string;
  readonly seed: number;
  readonly recipe: Recipe;
  /** The run's folder, where training is kept after every epoch and goes on from there. */
  readonly directory: string;
}

export interface TrainingProgress {
  readonly onStep?: (done: number, total: number) => void;
  readonly onEpoch?: (epoch: Epoch) => void;
}

/** Throws UserError where suite, data or engine are no longer those of the plan, TrainingFailure where the loss is not finite. */
export const trainPlanned = async (
  { plan, key, candidate, seed, recipe, directory }: PlannedTraining,
  { onStep, onEpoch }: TrainingProgress,
) => {
  const { conditions } = plan;
  const { engine } = await plannedEngine(plan);
  const graph = await plannedGraph(plan, candidate);
  const dataset = await plannedDataset(plan);
  const [, , size] = conditions.input;
  const threads = conditions.trainThreads;
  const saved = await loadTraining(directory, key);
  const trained = await trainNetwork({
    engine,
    graph,
    weights: initialWeights(graph, seed),
    dataset,
    size,
    trainImages: conditions.dataset.trainImages,
    recipe,
    seed,
    threads,
    ...(saved?.state === 'whole' ? { from: saved.training } : {}),
    onState: (state) => saveTraining(directory, key, state),
    ...(onStep === undefined ? {} : { onStep }),
    ...(onEpoch === undefined ? {} : { onEpoch }),
  });
  return { engine, graph, dataset, size, threads, ...trained };
};
