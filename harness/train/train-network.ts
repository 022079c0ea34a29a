/** Trains one network by its recipe and watches its validation accuracy. */
import { trainCount } from '../data/batches/batches.js';
import { canvasPool } from '../data/batches/canvas-pool.js';
import type { Dataset } from '../data/dataset.js';
import type { Checkpoint, Engine, Trainer } from '../engines/engine.js';
import { requireEngineFor, stepsInEpoch } from '../engines/requirements.js';
import { requireBatchStatistics } from '../graph/batch-statistics.js';
import type { Graph } from '../graph/graph.js';
import type { Weights } from '../graph/parameters.js';
import type { Recipe } from '../recipe/recipe.js';
import { deployForm } from '../rewrite/deploy.js';
import { evaluate } from './evaluate.js';
import { type PhaseClock, phaseClock } from './phase-clock.js';
import { diverged, type TrainedEpoch, trainEpoch } from './train-epoch.js';

export interface Training {
  readonly engine: Engine;
  readonly graph: Graph;
  readonly weights: Weights;
  readonly dataset: Dataset;
  /** Height and width that the network sees. */
  readonly size: number;
  readonly trainImages?: number;
  readonly recipe: Recipe;
  readonly seed: number;
  readonly threads: number;
  /** What `makeTrainer` made of all this; it is made anew where this is absent. */
  readonly trainer?: Trainer;
  /** After every optimiser step. */
  readonly onStep?: (done: number, total: number) => void;
  readonly onEpoch?: (epoch: Epoch) => void;
  /** Go on from here, bit for bit as if nothing had been in between; the weights above do not count then. */
  readonly from?: TrainingState;
  /** After every epoch; the next one waits for it. */
  readonly onState?: (state: TrainingState) => Promise<void>;
  /** Counts what the phases take. */
  readonly clock?: PhaseClock;
}

/** Training after so many whole epochs. */
export interface TrainingState {
  readonly epochs: readonly Epoch[];
  readonly checkpoint: Checkpoint;
}

/** The seconds are those of training alone, without the evaluation. */
export interface Epoch extends TrainedEpoch {
  /** From 1. */
  readonly epoch: number;
  readonly validationLoss: number;
  readonly validationTop1: number;
}

export interface Trained {
  readonly weights: Weights;
  readonly epochs: readonly Epoch[];
  readonly imagesPerSecond: number;
}

/** Throws UserError where a batch norm sees one value, or the engine does not do what the recipe asks for. */
export const makeTrainer = ({
  engine,
  graph,
  weights,
  recipe,
  threads,
  from,
}: Pick<Training, 'engine' | 'graph' | 'weights' | 'recipe' | 'threads' | 'from'>): Promise<Trainer> => {
  requireEngineFor(engine, recipe);
  requireBatchStatistics(graph, recipe.batch);
  return engine.createTrainer(graph, weights, {
    batch: recipe.batch,
    threads,
    recipe,
    ...(from === undefined ? {} : { checkpoint: from.checkpoint }),
  });
};

/** Throws TrainingFailure where a loss is not finite, UserError where the data hold less than one batch, and as makeTrainer does. */
export const trainNetwork = async (training: Training): Promise<Trained> => {
  const { engine, graph, dataset, recipe, size, threads, clock = phaseClock() } = training;
  const stepsPerEpoch = stepsInEpoch(trainCount(dataset, training.trainImages), recipe.batch);
  const trainer = training.trainer ?? (await clock.time('session', async () => makeTrainer(training)));
  const deployed = deployForm(graph);
  const canvases = canvasPool();
  const epochs: Epoch[] = [...(training.from?.epochs ?? [])];
  try {
    for (let epoch = epochs.length + 1; epoch <= recipe.epochs; epoch += 1) {
      const trained = await trainEpoch(trainer, { ...training, clock, canvases }, epoch, stepsPerEpoch);
      const weights = deployed.convert(await trainer.weights());
      const validation = await clock.time('evaluation', () =>
        evaluate(engine, deployed.graph, weights, {
          dataset,
          split: 'validation',
          size,
          threads,
          batch: recipe.batch,
          canvases,
        }),
      );
      if (!Number.isFinite(validation.loss)) {
        throw diverged('validation loss', validation.loss, `after epoch ${epoch}`, trained.learningRate);
      }
      const record = { epoch, ...trained, validationLoss: validation.loss, validationTop1: validation.top1 };
      epochs.push(record);
      training.onEpoch?.(record);
      await clock.time('checkpoint', async () =>
        training.onState?.({ epochs: [...epochs], checkpoint: await trainer.checkpoint() }),
      );
    }
    const seconds = epochs.reduce((sum, epoch) => sum + epoch.seconds, 0);
    return {
      weights: await trainer.weights(),
      epochs,
      imagesPerSecond: (recipe.epochs * stepsPerEpoch * recipe.batch) / seconds,
    };
  } finally {
    await trainer.dispose();
  }
};
