/** One pass over the training images. */
import { type TrainBatchOptions, trainBatches, unpaintedTrainBatches } from '../data/batches/batches.js';
import type { CanvasPool } from '../data/batches/canvas-pool.js';
import { prefetched } from '../data/batches/prefetch.js';
import type { Dataset } from '../data/dataset.js';
import type { Trainer } from '../engines/engine.js';
import type { Recipe } from '../recipe/recipe.js';
import { learningRateAt } from '../recipe/schedule.js';
import type { PhaseClock } from './phase-clock.js';

/** What the epochs of a training share. */
export interface EpochOptions {
  readonly dataset: Dataset;
  /** Height and width that the network sees. */
  readonly size: number;
  readonly trainImages?: number;
  readonly recipe: Recipe;
  readonly seed: number;
  readonly canvases: CanvasPool;
  readonly clock: PhaseClock;
  /** After every optimiser step. */
  readonly onStep?: (done: number, total: number) => void;
}

export interface TrainedEpoch {
  /** At the epoch's last step. */
  readonly learningRate: number;
  readonly trainLoss: number;
  readonly seconds: number;
}

/** Training went wrong: the trial fails with this reason, and the suite goes on. */
export class TrainingFailure extends Error {
  override readonly name = 'TrainingFailure';
}

/** Epochs count from 1. Throws TrainingFailure where a loss is not finite. */
export const trainEpoch = async (
  trainer: Trainer,
  { dataset, recipe, seed, size, trainImages, onStep, clock, canvases }: EpochOptions,
  epoch: number,
  stepsPerEpoch: number,
): Promise<TrainedEpoch> => {
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

export const diverged = (what: string, value: number, where: string, learningRate: number): TrainingFailure =>
  new TrainingFailure(
    `The ${what} became ${value} ${where}, at learning rate ${learningRate.toPrecision(3)}. A lower learning rate or a longer warm-up may help.`,
  );
