/**
 * Images on their way into a network: whole splits in order for evaluation, epochs in random order and changed for training. A generator
 * begins a batch when it is asked for it; several may be under way.
 */
import { randomStream } from '../random.js';
import type { Recipe } from '../recipe/recipe.js';
import { UserError } from '../user-error.js';
import {
  drawChanges,
  drawMixing,
  type EpochOptions,
  type Mixing,
  randomCrop,
  UNCHANGED,
} from './augmentation.js';
import type { Batch } from './batch.js';
import type { CanvasPool } from './canvas-pool.js';
import type { Dataset, SplitName } from './dataset.js';
import { painterOf } from './painting.js';

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
export function* trainBatches(dataset: Dataset, options: TrainBatchOptions): Generator<Promise<Batch>> {
  const { seed, epoch, batch, size } = options;
  requireCrop(dataset, options.augmentation);
  const split = dataset.splits.train;
  const count = trainCount(dataset, options.trainImages);
  const used = imagesUsed(split.count, count);
  const order = randomStream(seed, 'order', epoch).permutation(count);
  const changes = drawChanges(split.count, options);
  const mixing = drawMixing(split.count, used, options);
  const painter = painterOf(dataset, size, options.canvases);
  const batchOf = async (indices: Uint32Array): Promise<Batch> => {
    const images = painter.blank(batch);
    await Promise.all(
      Array.from(indices, (index, place) =>
        painter.paint(split, index, images, place, {
          crop: randomCrop(index, options),
          change: changes[index] ?? UNCHANGED,
        }),
      ),
    );
    return { images, labels: Int32Array.from(indices, (index) => split.labels[index] ?? 0), count: batch };
  };
  const mixedBatchOf = async (indices: Uint32Array, { partners, shares }: Mixing): Promise<Batch> => {
    const [first, second] = await Promise.all([
      batchOf(indices),
      batchOf(indices.map((index) => partners[index] ?? index)),
    ]);
    const mixture = mixed(
      first,
      second,
      Float32Array.from(indices, (index) => shares[index] ?? 1),
    );
    options.canvases?.give(second.images);
    return mixture;
  };
  for (let first = 0; first + batch <= count; first += batch) {
    const indices = order.subarray(first, first + batch).map((position) => used[position] ?? 0);
    yield mixing === null ? batchOf(indices) : mixedBatchOf(indices, mixing);
  }
}

/** All images of a split in their order, unchanged; the last batch is filled up with blank images that `count` leaves out. */
export function* evaluationBatches(
  dataset: Dataset,
  split: SplitName,
  {
    batch,
    size,
    canvases,
  }: { readonly batch: number; readonly size: number; readonly canvases?: CanvasPool },
): Generator<Promise<Batch>> {
  const source = dataset.splits[split];
  const painter = painterOf(dataset, size, canvases);
  const batchFrom = async (first: number): Promise<Batch> => {
    const images = painter.blank(batch);
    const labels = Int32Array.from(source.labels.subarray(first, first + batch));
    await Promise.all(
      Array.from(labels, (_, place) =>
        painter.paint(source, first + place, images, place, { crop: null, change: UNCHANGED }),
      ),
    );
    return { images, labels, count: labels.length };
  };
  for (let first = 0; first < source.count; first += batch) yield batchFrom(first);
}

/** The indices of a subset: all in order, or the first of a random order that is the same for everyone. */
export const imagesUsed = (all: number, count: number): Uint32Array =>
  count === all
    ? Uint32Array.from({ length: all }, (_, index) => index)
    : randomStream(0, 'subset').permutation(all).subarray(0, count);

/** share . first + (1 - share) . second, image by image, in the first's place. */
const mixed = (first: Batch, second: Batch, shares: Float32Array): Batch => {
  const size = first.images.length / first.count;
  for (let i = 0; i < first.images.length; i += 1) {
    const share = shares[Math.floor(i / size)] ?? 1;
    first.images[i] = share * (first.images[i] ?? 0) + (1 - share) * (second.images[i] ?? 0);
  }
  return { ...first, mixed: { labels: second.labels, shares } };
};
