/**
 * Images on their way into a network: whole splits in order for evaluation, epochs in random order and changed for training. A generator
 * begins a batch when it is asked for it; several may be under way.
 */
import { randomStream } from '../random.js';
import type { Recipe } from '../train/recipe.js';
import { UserError } from '../user-error.js';
import {
  drawChanges,
  drawMixing,
  type EpochOptions,
  type Mixing,
  randomCrop,
  UNCHANGED,
} from './augmentation.js';
import type { Batch, Dataset, SplitName } from './dataset.js';
import { painterOf } from './painting.js';

export interface TrainBatchOptions extends EpochOptions {
  readonly batch: number;
  /** Use only so many training images: the first of a fixed random order. */
  readonly trainImages?: number;
}

/** Training images that a recipe really uses. */
export const trainCount = (dataset: Dataset, trainImages?: number): number =>
  Math.min(trainImages ?? Number.POSITIVE_INFINITY, dataset.splits.train.count);

/** Throws UserError where a recipe crops images at random that have one size and are not scaled. */
export const requireCrop = ({ id, imageSize }: Dataset, { crop }: Recipe['augmentation']): void => {
  if (crop === 'shift' || imageSize === null) return;
  throw new UserError(
    `The recipe crops at random, and the images of ${id} are all of ${imageSize.join('x')} pixels and not scaled.`,
    "Say crop: 'shift' in the recipe's augmentation.",
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
  const painter = painterOf(dataset, size);
  const batchOf = async (indices: Uint32Array): Promise<Batch> => {
    const images = painter.blank(batch);
    const put = async (index: number, place: number): Promise<void> => {
      const image = await split.read(index, { size, crop: randomCrop(index, options) });
      painter.paint(image, images, place, changes[index] ?? UNCHANGED);
    };
    await Promise.all(Array.from(indices, put));
    return { images, labels: Int32Array.from(indices, (index) => split.labels[index] ?? 0), count: batch };
  };
  const mixedBatchOf = async (indices: Uint32Array, { partners, shares }: Mixing): Promise<Batch> => {
    const [first, second] = await Promise.all([
      batchOf(indices),
      batchOf(indices.map((index) => partners[index] ?? index)),
    ]);
    return mixed(
      first,
      second,
      Float32Array.from(indices, (index) => shares[index] ?? 1),
    );
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
  { batch, size }: { readonly batch: number; readonly size: number },
): Generator<Promise<Batch>> {
  const source = dataset.splits[split];
  const painter = painterOf(dataset, size);
  const batchFrom = async (first: number): Promise<Batch> => {
    const images = painter.blank(batch);
    const labels = Int32Array.from(source.labels.subarray(first, first + batch));
    const put = async (_: number, place: number): Promise<void> => {
      const image = await source.read(first + place, { size, crop: null });
      painter.paint(image, images, place, UNCHANGED);
    };
    await Promise.all(Array.from(labels, put));
    return { images, labels, count: labels.length };
  };
  for (let first = 0; first < source.count; first += batch) yield batchFrom(first);
}

/** The indices of a subset: all in order, or the first of a random order that is the same for everyone. */
const imagesUsed = (all: number, count: number): Uint32Array =>
  count === all
    ? Uint32Array.from({ length: all }, (_, index) => index)
    : randomStream(0, 'subset').permutation(all).subarray(0, count);

/** share . first + (1 - share) . second, image by image. */
const mixed = (first: Batch, second: Batch, shares: Float32Array): Batch => {
  const size = first.images.length / first.count;
  const images = first.images.map((value, i) => {
    const share = shares[Math.floor(i / size)] ?? 1;
    return share * value + (1 - share) * (second.images[i] ?? 0);
  });
  return { ...first, images, mixed: { labels: second.labels, shares } };
};
