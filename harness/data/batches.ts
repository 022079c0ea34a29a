/** Images on their way into a network: whole splits in order for evaluation, epochs in random order and changed for training. */
import { randomStream } from '../random.js';
import { drawChanges, drawMixing, type EpochOptions, UNCHANGED } from './augmentation.js';
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

/** Full batches of one epoch; what is left over at its end is not used. */
export function* trainBatches(dataset: Dataset, options: TrainBatchOptions): Generator<Batch> {
  const { seed, epoch, batch } = options;
  const split = dataset.splits.train;
  const count = trainCount(dataset, options.trainImages);
  const used = imagesUsed(split.count, count);
  const order = randomStream(seed, 'order', epoch).permutation(count);
  const changes = drawChanges(split.count, options);
  const mixing = drawMixing(split.count, used, options);
  const painter = painterOf(dataset, options.size);
  const batchOf = (indices: Uint32Array): Batch => {
    const images = painter.blank(batch);
    indices.forEach((index, place) => {
      painter.paint(split, index, images, place, changes[index] ?? UNCHANGED);
    });
    return { images, labels: Int32Array.from(indices, (index) => split.labels[index] ?? 0), count: batch };
  };
  for (let first = 0; first + batch <= count; first += batch) {
    const indices = order.subarray(first, first + batch).map((position) => used[position] ?? 0);
    const plain = batchOf(indices);
    if (mixing === null) {
      yield plain;
    } else {
      const partners = batchOf(indices.map((index) => mixing.partners[index] ?? index));
      yield mixed(
        plain,
        partners,
        Float32Array.from(indices, (index) => mixing.shares[index] ?? 1),
      );
    }
  }
}

/** All images of a split in their order, unchanged; the last batch is filled up with blank images that `count` leaves out. */
export function* evaluationBatches(
  dataset: Dataset,
  split: SplitName,
  { batch, size }: { readonly batch: number; readonly size: number },
): Generator<Batch> {
  const source = dataset.splits[split];
  const painter = painterOf(dataset, size);
  for (let first = 0; first < source.count; first += batch) {
    const count = Math.min(batch, source.count - first);
    const images = painter.blank(batch);
    for (let place = 0; place < count; place += 1) {
      painter.paint(source, first + place, images, place, UNCHANGED);
    }
    yield { images, labels: Int32Array.from(source.labels.subarray(first, first + count)), count };
  }
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
