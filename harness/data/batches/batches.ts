/**
 * Images on their way into a network: whole splits in order for evaluation, epochs in random order and changed for training. A generator
 * begins a batch when it is asked for it; several may be under way.
 */
import { randomStream } from '../../random.js';
import type { Recipe } from '../../recipe/recipe.js';
import { UserError } from '../../user/user-error.js';
import type { Dataset, Split, SplitName } from '../dataset.js';
import {
  asItIs,
  type DrawnImage,
  drawChanges,
  drawMixing,
  type EpochOptions,
  type Mixing,
  randomCrop,
  UNCHANGED,
} from './augmentation.js';
import type { Batch, UnpaintedBatch } from './batch.js';
import type { CanvasPool } from './canvas-pool.js';
import { type ImageMaker, paintedImages } from './painting.js';
import { unpaintedImages } from './unpainted.js';

export interface TrainBatchOptions extends EpochOptions {
  readonly batch: number;
  /** Use only so many training images: the first of a fixed random order. */
  readonly trainImages?: number;
  /** Where canvases come from, and go to once they are not needed here. */
  readonly canvases?: CanvasPool;
}

/** Training images that a recipe really uses. */
export const trainCount = (dataset: Dataset, trainImages?: number): number =>
  Math.min(trainImages ?? Number.POSITIVE_INFINITY, dataset.splits.train.count);

/** Throws UserError where a recipe crops images at random that have one size and are not scaled. */
export const requireCrop = ({ id, imageSize }: Dataset, { crop }: Recipe['augmentation']): void => {
  if (crop === 'shift' || imageSize === null) return;
  throw new UserError(
    `The recipe crops at random, but the images of ${id} all have ${imageSize.join('x')} pixels and are not scaled.`,
    "Set augmentation.crop to 'shift'.",
  );
};

/** Full batches of one epoch; what is left over at its end is not used. Throws UserError as requireCrop does. */
export const trainBatches = (dataset: Dataset, options: TrainBatchOptions): Generator<Promise<Batch>> =>
  trainBatchesBy(paintedImages(dataset, options.size, options.batch, options.canvases), dataset, options);

/** The same for an engine that paints images itself. */
export const unpaintedTrainBatches = (
  dataset: Dataset,
  options: Omit<TrainBatchOptions, 'canvases'>,
): Generator<Promise<UnpaintedBatch>> =>
  trainBatchesBy(unpaintedImages(dataset, options.size, options.batch), dataset, options);

function* trainBatchesBy<Images>(
  make: ImageMaker<Images>,
  dataset: Dataset,
  options: Omit<TrainBatchOptions, 'canvases'>,
): Generator<Promise<Batch<Images>>> {
  const { seed, epoch, batch } = options;
  requireCrop(dataset, options.augmentation);
  const split = dataset.splits.train;
  const count = trainCount(dataset, options.trainImages);
  const used = imagesUsed(split.count, count);
  const order = randomStream(seed, 'order', epoch).permutation(count);
  const changes = drawChanges(split.count, options);
  const mixing = drawMixing(split.count, used, options);
  const drawn = (indices: Uint32Array): readonly DrawnImage[] =>
    Array.from(indices, (index) => ({
      index,
      crop: randomCrop(index, options),
      change: changes[index] ?? UNCHANGED,
    }));
  const labelsOf = (indices: Uint32Array): Int32Array =>
    Int32Array.from(indices, (index) => split.labels[index] ?? 0);
  const batchOf = async (indices: Uint32Array): Promise<Batch<Images>> => ({
    images: await make(split, { images: drawn(indices), mixed: null }),
    labels: labelsOf(indices),
    count: batch,
  });
  const mixedBatchOf = async (indices: Uint32Array, mixing: Mixing): Promise<Batch<Images>> => {
    const partners = indices.map((index) => mixing.partners[index] ?? index);
    const shares = Float32Array.from(indices, (index) => mixing.shares[index] ?? 1);
    return {
      images: await make(split, { images: drawn(indices), mixed: { images: drawn(partners), shares } }),
      labels: labelsOf(indices),
      count: batch,
      mixed: { labels: labelsOf(partners), shares },
    };
  };
  for (let first = 0; first + batch <= count; first += batch) {
    const indices = order.subarray(first, first + batch).map((position) => used[position] ?? 0);
    yield mixing === null ? batchOf(indices) : mixedBatchOf(indices, mixing);
  }
}

export interface EvaluationBatchOptions {
  readonly batch: number;
  readonly size: number;
  readonly canvases?: CanvasPool;
}

/** All images of a split in their order, unchanged; the last batch is filled up with blank images that `count` leaves out. */
export const evaluationBatches = (
  dataset: Dataset,
  split: SplitName,
  { batch, size, canvases }: EvaluationBatchOptions,
): Generator<Promise<Batch>> =>
  evaluationBatchesBy(paintedImages(dataset, size, batch, canvases), dataset.splits[split], batch);

/** The same for an engine that paints images itself. */
export const unpaintedEvaluationBatches = (
  dataset: Dataset,
  split: SplitName,
  { batch, size }: Omit<EvaluationBatchOptions, 'canvases'>,
): Generator<Promise<UnpaintedBatch>> =>
  evaluationBatchesBy(unpaintedImages(dataset, size, batch), dataset.splits[split], batch);

function* evaluationBatchesBy<Images>(
  make: ImageMaker<Images>,
  split: Split,
  batch: number,
): Generator<Promise<Batch<Images>>> {
  const batchFrom = async (first: number): Promise<Batch<Images>> => {
    const labels = Int32Array.from(split.labels.subarray(first, first + batch));
    const images = Array.from(labels, (_, place) => asItIs(first + place));
    return { images: await make(split, { images, mixed: null }), labels, count: labels.length };
  };
  for (let first = 0; first < split.count; first += batch) yield batchFrom(first);
}

/** The indices of a subset: all in order, or the first of a random order that is the same for everyone. */
export const imagesUsed = (all: number, count: number): Uint32Array =>
  count === all
    ? Uint32Array.from({ length: all }, (_, index) => index)
    : randomStream(0, 'subset').permutation(all).subarray(0, count);
