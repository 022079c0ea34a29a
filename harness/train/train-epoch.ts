/** One pass over the training images. */
import { type TrainBatchOptions, trainBatches, unpaintedTrainBatches } from '../data/batches/batches.js';
import type { CanvasPool } from '../data/batches/canvas-pool.js';
import { inOrder } from '../data/batches/in-order.js';
import { prefetched } from '../data/batches/prefetch.js';
import type { Dataset } from '../data/dataset.js';
import type { Trainer } from '../engines/engine.js';
import type { Recipe } from '../recipe/recipe.js';
import { learningRateAt } from '../recipe/schedule.js';
import { type PhaseClock, timedItems } from './phase-clock.js';

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
  const before = (epoch - 1) * stepsPerEpoch;
  const rateAt = (step: number): number => learningRateAt(before + step, stepsPerEpoch, recipe);
  const steps = stepsOf(trainer, dataset, {
    seed,
    epoch,
    batch: recipe.batch,
    size,
    augmentation: recipe.augmentation,
    canvases,
    ...(trainImages === undefined ? {} : { trainImages }),
  });
  let step = 0;
  let total = 0;
  let loading = 0;
  const waited = (seconds: number): void => {
    loading += seconds;
  };
  for await (const { loss } of inOrder(atRates(timedItems(steps, waited), rateAt), trainer.queues ? 1 : 0)) {
    step += 1;
    if (!Number.isFinite(loss)) {
      throw diverged('loss', loss, `in epoch ${epoch}, step ${step} of ${stepsPerEpoch}`, rateAt(step - 1));
    }
    total += loss;
    onStep?.(before + step, recipe.epochs * stepsPerEpoch);
  }
  const seconds = (performance.now() - start) / 1000;
  clock.add('loading', loading);
  clock.add('steps', seconds - loading);
  return { learningRate: rateAt(stepsPerEpoch - 1), trainLoss: total / stepsPerEpoch, seconds };
};

type TakeStep = (learningRate: number) => ReturnType<Trainer['step']>;

/** A step on each batch, whoever paints its images. */
async function* stepsOf(
  trainer: Trainer,
  dataset: Dataset,
  options: TrainBatchOptions,
): AsyncGenerator<TakeStep> {
  if (trainer.stepUnpainted === undefined) {
    for await (const batch of prefetched(trainBatches(dataset, options))) {
      yield async (learningRate) => {
        const result = await trainer.step(batch, learningRate);
        options.canvases?.give(batch.images);
        return result;
      };
    }
  } else {
    const step = trainer.stepUnpainted;
    for await (const batch of prefetched(unpaintedTrainBatches(dataset, options))) {
      yield (learningRate) => step(batch, learningRate);
    }
  }
}

/** Each with the learning rate of its place, from 0. */
async function* atRates(
  steps: AsyncIterable<TakeStep>,
  rateAt: (step: number) => number,
): AsyncGenerator<() => ReturnType<TakeStep>> {
  let step = 0;
  for await (const take of steps) {
    const learningRate = rateAt(step);
    yield () => take(learningRate);
    step += 1;
  }
}

export const diverged = (what: string, value: number, where: string, learningRate: number): TrainingFailure =>
  new TrainingFailure(
    `The ${what} became ${value} ${where}, at learning rate ${learningRate.toPrecision(3)}. A lower learning rate or a longer warm-up may help.`,
  );
