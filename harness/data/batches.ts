/**
 * Images on their way into a network: padded around the centre with the value of a black pixel, normalised by the training images'
 * mean and deviation, and for training in random order, mirrored and shifted. What an image goes through depends on seed, epoch and
 * the image alone, and so is equal under every candidate.
 */
import type { MapShape } from '../graph/shape.js';
import { randomStream } from '../random.js';
import type { Recipe } from '../train/recipe.js';
import type { Batch, Dataset, Split, SplitName } from './dataset.js';

export interface TrainBatchOptions {
  readonly seed: number;
  readonly epoch: number;
  readonly batch: number;
  /** Height and width that the network sees. */
  readonly size: number;
  readonly augmentation: Recipe['augmentation'];
  /** Use only so many training images: the first of a fixed random order. */
  readonly trainImages?: number;
}

/** Training images that a recipe really uses. */
export const trainCount = (dataset: Dataset, trainImages?: number): number =>
  Math.min(trainImages ?? Number.POSITIVE_INFINITY, dataset.splits.train.count);

/** Full batches of one epoch; what is left over at its end is not used. */
export function* trainBatches(dataset: Dataset, options: TrainBatchOptions): Generator<Batch> {
  const { seed, epoch, batch, size, augmentation } = options;
  const split = dataset.splits.train;
  const count = trainCount(dataset, options.trainImages);
  const subset = count === split.count ? null : randomStream(0, 'subset').permutation(split.count);
  const order = randomStream(seed, 'order', epoch).permutation(count);
  const changes = drawChanges(randomStream(seed, 'augmentation', epoch), split.count, augmentation);
  const paint = painter(dataset, size);
  for (let first = 0; first + batch <= count; first += batch) {
    const images = paint.blank(batch);
    const labels = new Int32Array(batch);
    for (let place = 0; place < batch; place += 1) {
      const position = order[first + place] ?? 0;
      const index = subset?.[position] ?? position;
      paint.image(split, index, images, place, changes[index] ?? PLAIN);
      labels[place] = split.labels[index] ?? 0;
    }
    yield { images, labels, count: batch };
  }
}

/** All images of a split in their order, unchanged; the last batch is filled up with blank images that `count` leaves out. */
export function* evaluationBatches(
  dataset: Dataset,
  split: SplitName,
  { batch, size }: { readonly batch: number; readonly size: number },
): Generator<Batch> {
  const source = dataset.splits[split];
  const paint = painter(dataset, size);
  for (let first = 0; first < source.count; first += batch) {
    const count = Math.min(batch, source.count - first);
    const images = paint.blank(batch);
    for (let place = 0; place < count; place += 1) paint.image(source, first + place, images, place, PLAIN);
    yield { images, labels: Int32Array.from(source.labels.subarray(first, first + count)), count };
  }
}

interface Change {
  readonly mirrored: boolean;
  readonly down: number;
  readonly right: number;
}

const PLAIN: Change = { mirrored: false, down: 0, right: 0 };

const drawChanges = (
  stream: ReturnType<typeof randomStream>,
  count: number,
  { flip, shift }: Recipe['augmentation'],
): readonly Change[] =>
  Array.from({ length: count }, () => ({
    mirrored: stream.uniform() < 0.5 && flip,
    down: stream.integer(-shift, shift),
    right: stream.integer(-shift, shift),
  }));

/** Paints images of the data set onto square canvases, normalised. */
const painter = (dataset: Dataset, size: number) => {
  const [channels, height, width] = dataset.shape;
  const [top, left] = [Math.floor((size - height) / 2), Math.floor((size - width) / 2)];
  const tables = normalisationTables(dataset);
  const canvas = size * size;
  return {
    blank: (count: number): Float32Array => {
      const images = new Float32Array(count * channels * canvas);
      for (let plane = 0; plane < count * channels; plane += 1) {
        images.fill(tables[plane % channels]?.[0] ?? 0, plane * canvas, (plane + 1) * canvas);
      }
      return images;
    },
    image: (split: Split, index: number, images: Float32Array, place: number, change: Change): void => {
      const { firstRow, lastRow, firstColumn, lastColumn, rowShift, columnShift } = visible(
        [channels, height, width],
        size,
        top + change.down,
        left + change.right,
      );
      for (let channel = 0; channel < channels; channel += 1) {
        const table = tables[channel] ?? new Float32Array(256);
        const from = (index * channels + channel) * height * width;
        const to = (place * channels + channel) * canvas;
        for (let row = firstRow; row < lastRow; row += 1) {
          const source = from + row * width;
          const target = to + (row + rowShift) * size + columnShift;
          for (let column = firstColumn; column < lastColumn; column += 1) {
            const pixel = change.mirrored ? source + width - 1 - column : source + column;
            images[target + column] = table[split.images[pixel] ?? 0] ?? 0;
          }
        }
      }
    },
  };
};

/** The rows and columns of an image that fall onto the canvas when its corner lies at (rowShift, columnShift). */
const visible = ([, height, width]: MapShape, size: number, rowShift: number, columnShift: number) => ({
  firstRow: Math.max(0, -rowShift),
  lastRow: Math.min(height, size - rowShift),
  firstColumn: Math.max(0, -columnShift),
  lastColumn: Math.min(width, size - columnShift),
  rowShift,
  columnShift,
});

/** For each channel, the normalised value of every byte. */
const normalisationTables = ({ mean, deviation }: Dataset): readonly Float32Array[] =>
  mean.map((average, channel) =>
    Float32Array.from({ length: 256 }, (_, byte) => (byte / 255 - average) / (deviation[channel] ?? 1)),
  );
