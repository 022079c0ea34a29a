/**
 * Images on their way into a network: padded around the centre with the value of a black pixel, normalised by the data set's mean and
 * deviation, and for training in random order, mirrored, and shifted or cropped. What an image goes through depends on seed, epoch and
 * the image alone, and so is equal under every candidate. A generator begins a batch when it is asked for it; several may be under way.
 */
import { randomStream } from '../random.js';
import type { Recipe } from '../train/recipe.js';
import { UserError } from '../user-error.js';
import type { Batch, Dataset, Image, SplitName } from './dataset.js';

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
  const { seed, epoch, batch, size, augmentation } = options;
  requireCrop(dataset, augmentation);
  const split = dataset.splits.train;
  const count = trainCount(dataset, options.trainImages);
  const subset = count === split.count ? null : randomStream(0, 'subset').permutation(split.count);
  const order = randomStream(seed, 'order', epoch).permutation(count);
  const changes = drawChanges(randomStream(seed, 'augmentation', epoch), split.count, augmentation);
  const paint = painter(dataset, size);
  const cropOf = (index: number) =>
    augmentation.crop === 'shift' ? null : randomStream(seed, 'crop', epoch, index);
  const batchFrom = async (first: number): Promise<Batch> => {
    const images = paint.blank(batch);
    const labels = new Int32Array(batch);
    const put = async (position: number, place: number): Promise<void> => {
      const index = subset?.[position] ?? position;
      const image = await split.read(index, { size, crop: cropOf(index) });
      paint.image(image, images, place, changes[index] ?? PLAIN);
      labels[place] = split.labels[index] ?? 0;
    };
    await Promise.all(Array.from(order.subarray(first, first + batch), put));
    return { images, labels, count: batch };
  };
  for (let first = 0; first + batch <= count; first += batch) yield batchFrom(first);
}

/** All images of a split in their order, unchanged; the last batch is filled up with blank images that `count` leaves out. */
export function* evaluationBatches(
  dataset: Dataset,
  split: SplitName,
  { batch, size }: { readonly batch: number; readonly size: number },
): Generator<Promise<Batch>> {
  const source = dataset.splits[split];
  const paint = painter(dataset, size);
  const batchFrom = async (first: number): Promise<Batch> => {
    const images = paint.blank(batch);
    const labels = Int32Array.from(source.labels.subarray(first, first + batch));
    const put = async (_: number, place: number): Promise<void> =>
      paint.image(await source.read(first + place, { size, crop: null }), images, place, PLAIN);
    await Promise.all(Array.from(labels, put));
    return { images, labels, count: labels.length };
  };
  for (let first = 0; first < source.count; first += batch) yield batchFrom(first);
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
  const { channels } = dataset;
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
    image: (image: Image, images: Float32Array, place: number, change: Change): void => {
      const { bytes, height, width, pixelStep, channelStep } = image;
      const [top, left] = [Math.floor((size - height) / 2), Math.floor((size - width) / 2)];
      const { firstRow, lastRow, firstColumn, lastColumn, rowShift, columnShift } = visible(
        image,
        size,
        top + change.down,
        left + change.right,
      );
      for (let channel = 0; channel < channels; channel += 1) {
        const table = tables[channel] ?? new Float32Array(256);
        const from = channel * channelStep;
        const to = (place * channels + channel) * canvas;
        for (let row = firstRow; row < lastRow; row += 1) {
          const source = from + row * width * pixelStep;
          const target = to + (row + rowShift) * size + columnShift;
          for (let column = firstColumn; column < lastColumn; column += 1) {
            const across = change.mirrored ? width - 1 - column : column;
            images[target + column] = table[bytes[source + across * pixelStep] ?? 0] ?? 0;
          }
        }
      }
    },
  };
};

/** The rows and columns of an image that fall onto the canvas when its corner lies at (rowShift, columnShift). */
const visible = ({ height, width }: Image, size: number, rowShift: number, columnShift: number) => ({
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
