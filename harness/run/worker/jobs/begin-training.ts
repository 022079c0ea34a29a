/** One training of a plan, of a trial or of a try of a learning rate, brought before its first step. */

import type { Plan } from '../../../../results/plan/plan.js';
import { contentKey } from '../../../../results/plan/plan-key.js';
import type { Phase } from '../../../../results/training/phases.js';
import type { Dataset } from '../../../data/dataset.js';
import type { Engine, Trainer } from '../../../engines/engine.js';
import type { Graph } from '../../../graph/graph.js';
import type { Weights } from '../../../graph/parameters.js';
import { initialWeights } from '../../../train/initialise.js';
import type { PhaseClock } from '../../../train/phase-clock.js';
import { makeTrainer, type TrainingState } from '../../../train/train-network.js';
import { loadTraining } from '../../folder/checkpoint-file.js';
import { engineOf, plannedDataset, plannedGraph, plannedRecipe } from '../../plan/planned.js';

/** Which training. */
export interface PlannedTraining {
  readonly plan: Plan;
  readonly key: string;
  /** The run's folder, where training is kept after every epoch and goes on from there. */
  readonly directory: string;
  /** As plannedGraph takes it. */
  readonly graphs?: string | undefined;
}

export interface BegunTraining {
  readonly engine: Engine;
  readonly graph: Graph;
  readonly weights: Weights;
  readonly dataset: Dataset;
  readonly seed: number;
  readonly threads: number;
  readonly trainer: Trainer;
  /** Where an earlier process left it. */
  readonly from?: TrainingState;
}

/** The phases that beginTraining counts. */
export const BEGINNING = ['network', 'data', 'session'] as const satisfies readonly Phase[];

/** Throws UserError where suite, data or engine are no longer those of the plan, and as makeTrainer does. */
export const beginTraining = async (
  { plan, key, directory, graphs }: PlannedTraining,
  clock: PhaseClock,
): Promise<BegunTraining> => {
  const { candidate, seed } = trainingOf(plan, key);
  const engine = engineOf(plan);
  const { graph, weights } = await clock.time('network', async () => {
    const graph = await plannedGraph(plan, candidate, graphs);
    return { graph, weights: initialWeights(graph, seed) };
  });
  const dataset = await clock.time('data', () => datasetOnce(plan));
  const saved = await loadTraining(directory, key);
  const from = saved?.state === 'whole' ? { from: saved.training } : {};
  const recipe = plannedRecipe(plan);
  const threads = plan.conditions.trainThreads;
  const trainer = await clock.time('session', async () =>
    makeTrainer({ engine, graph, weights, recipe, threads, ...from }),
  );
  return { engine, graph, weights, dataset, seed, threads, trainer, ...from };
};

const trainingOf = (
  { trials, tries = [], conditions: { tuning } }: Plan,
  key: string,
): { readonly candidate: string; readonly seed: number } => {
  const trial = trials.find((one) => one.key === key);
  if (trial) return trial;
  const rateTry = tries.find((one) => one.key === key);
  if (!rateTry || !tuning) throw new RangeError(`The plan has no training ${key}.`);
  return { candidate: rateTry.candidate, seed: tuning.seed };
};

let loaded: { readonly key: string; readonly dataset: Promise<Dataset> } | null = null;

/** As plannedDataset; read once, however often it is asked for one after the other. */
export const datasetOnce = (plan: Plan): Promise<Dataset> => {
  const { dataset, input, fit } = plan.conditions;
  const key = contentKey({ dataset, input, fit });
  if (loaded?.key !== key) loaded = { key, dataset: plannedDataset(plan) };
  return loaded.dataset;
};
