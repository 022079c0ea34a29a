/** One training of a plan: of a trial, or of a try of a learning rate. */
import type { Plan } from '../../../results/plan.js';
import type { Recipe } from '../../recipe/recipe.js';
import { initialWeights } from '../../train/initialise.js';
import { type PhaseClock, phaseClock } from '../../train/phase-clock.js';
import { type Epoch, trainNetwork } from '../../train/train-network.js';
import { loadTraining, saveTraining } from '../folder/checkpoint-file.js';
import { engineOf, plannedGraph } from '../plan/planned.js';
import { preparedDataset } from './prepare.js';

export interface PlannedTraining {
  readonly plan: Plan;
  readonly key: string;
  readonly candidate: string;
  readonly seed: number;
  readonly recipe: Recipe;
  /** The run's folder, where training is kept after every epoch and goes on from there. */
  readonly directory: string;
  /** As plannedGraph takes it. */
  readonly graphs?: string | undefined;
}

export interface TrainingProgress {
  readonly onStep?: (done: number, total: number) => void;
  readonly onEpoch?: (epoch: Epoch) => void;
  /** Counts what the phases take. */
  readonly clock?: PhaseClock;
}

/** Throws UserError where suite, data or engine are no longer those of the plan, TrainingFailure where the loss is not finite. */
export const trainPlanned = async (
  { plan, key, candidate, seed, recipe, directory, graphs }: PlannedTraining,
  { onStep, onEpoch, clock = phaseClock() }: TrainingProgress,
) => {
  const { conditions } = plan;
  const engine = engineOf(plan);
  const { graph, weights } = await clock.time('network', async () => {
    const graph = await plannedGraph(plan, candidate, graphs);
    return { graph, weights: initialWeights(graph, seed) };
  });
  const dataset = await clock.time('data', () => preparedDataset(plan));
  const [, , size] = conditions.input;
  const threads = conditions.trainThreads;
  const saved = await loadTraining(directory, key);
  const trained = await trainNetwork({
    engine,
    graph,
    weights,
    dataset,
    size,
    trainImages: conditions.dataset.trainImages,
    recipe,
    seed,
    threads,
    clock,
    ...(saved?.state === 'whole' ? { from: saved.training } : {}),
    onState: (state) => saveTraining(directory, key, state),
    ...(onStep === undefined ? {} : { onStep }),
    ...(onEpoch === undefined ? {} : { onEpoch }),
  });
  return { engine, graph, dataset, size, threads, ...trained };
};
