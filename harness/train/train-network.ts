/** Trains one network by its recipe and watches its validation accuracy. */
import { type TrainBatchOptions, trainBatches, trainCount, unpaintedTrainBatches } from '../data/batches.js';
import { type CanvasPool, canvasPool } from '../data/canvas-pool.js';
import type { Dataset } from '../data/dataset.js';
import { prefetched } from '../data/prefetch.js';
import type { Checkpoint, Engine, Trainer } from '../engines/engine.js';
import { requireEngineFor, stepsInEpoch } from '../engines/requirements.js';
import { requireBatchStatistics } from '../graph/batch-statistics.js';
import type { Graph } from '../graph/graph.js';
import type { Weights } from '../graph/parameters.js';
import type { Recipe } from '../recipe/recipe.js';
import { learningRateAt } from '../recipe/schedule.js';
import { deployForm } from '../rewrite/deploy.js';
import { evaluate } from './evaluate.js';
import { type PhaseClock, phaseClock } from './phase-clock.js';

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

export interface Epoch {
  /** From 1. */
  readonly epoch: number;
  /** At the epoch's last step. */
  readonly learningRate: number;
  readonly trainLoss: number;
  readonly validationLoss: number;
  readonly validationTop1: number;
  /** Training alone, without the evaluation. */
  readonly seconds: number;
}

export interface Trained {
  readonly weights: Weights;
  readonly epochs: readonly Epoch[];
  readonly imagesPerSecond: number;
}

/** Training went wrong: the trial fails with this reason, and the suite goes on. */
export class TrainingFailure extends Error {
  override readonly name = 'TrainingFailure';
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

/** What the epochs of a training share. */
interface Shared {
  readonly clock: PhaseClock;
  readonly canvases: CanvasPool;
}

const trainEpoch = async (
  trainer: Trainer,
  { dataset, recipe, seed, size, trainImages, onStep, clock, canvases }: Training & Shared,
  epoch: number,
  stepsPerEpoch: number,
): Promise<Pick<Epoch, 'learningRate' | 'trainLoss' | 'seconds'>> => {
  const start = performance.now();
  const steps = stepsOf(trainer, dataset, {
    seed,
    epoch,
    batch: recipe.batch,
    size,
    augmentation: recipe.augmentation,
    canvases,
    ...(trainImages === undefined ? {} : { trainImages }),
  });
  let step = (epoch - 1) * stepsPerEpoch;
  let total = 0;
  let learningRate = 0;
  let waiting = performance.now();
  for await (const takeStep of steps) {
    clock.add('loading', (performance.now() - waiting) / 1000);
    learningRate = learningRateAt(step, stepsPerEpoch, recipe);
    const { loss } = await clock.time('steps', () => takeStep(learningRate));
    waiting = performance.now();
    step += 1;
    if (!Number.isFinite(loss)) {
      const place = `epoch ${epoch}, step ${step - (epoch - 1) * stepsPerEpoch} of ${stepsPerEpoch}`;
      throw diverged('loss', loss, `in ${place}`, learningRate);
    }
    total += loss;
    onStep?.(step, recipe.epochs * stepsPerEpoch);
  }
  return { learningRate, trainLoss: total / stepsPerEpoch, seconds: (performance.now() - start) / 1000 };
};

/** A step on each batch, whoever paints its images, to be taken before the next is asked for. */
async function* stepsOf(
  trainer: Trainer,
  dataset: Dataset,
  options: TrainBatchOptions,
): AsyncGenerator<(learningRate: number) => ReturnType<Trainer['step']>> {
  if (trainer.stepUnpainted === undefined) {
    for await (const batch of prefetched(trainBatches(dataset, options))) {
      yield (learningRate) => trainer.step(batch, learningRate);
      options.canvases?.give(batch.images);
    }
  } else {
    const step = trainer.stepUnpainted;
    for await (const batch of prefetched(unpaintedTrainBatches(dataset, options))) {
      yield (learningRate) => step(batch, learningRate);
    }
  }
}

const diverged = (what: string, value: number, where: string, learningRate: number): TrainingFailure =>
  new TrainingFailure(
    `The ${what} became ${value} ${where}, at learning rate ${learningRate.toPrecision(3)}. A lower learning rate or a longer warm-up may help.`,
  );
