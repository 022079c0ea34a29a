import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  evaluationBatches,
  type TrainBatchOptions,
  trainBatches,
  trainCount,
} from '../../../harness/data/batches.js';
import type { Batch, Dataset } from '../../../harness/data/dataset.js';
import { datasetFrom } from '../../../harness/data/labelled-images.js';
import { elementCount, type MapShape } from '../../../harness/graph/shape.js';
import { imagesOf } from '../../support/images.js';
import { seededRandom } from '../../support/random.js';
import { refusalOf } from '../../support/refusal.js';

const CLASSES = ['a', 'b', 'c'];

/** Random images; no validation. */
const randomDataset = (shape: MapShape, train: number, test: number, seed: number): Dataset => {
  const random = seededRandom(seed);
  const part = (count: number) => ({
    images: Uint8Array.from({ length: count * elementCount(shape) }, () => Math.floor(256 * random())),
    labels: Uint8Array.from({ length: count }, () => Math.floor(3 * random())),
  });
  return datasetFrom({
    id: 'random',
    classes: CLASSES,
    shape,
    training: part(train),
    test: part(test),
    validationImages: 0,
  });
};

const IMAGES = 100;
const SIDE = 4;

/** Image i is a square of the value 2 i + 2 with a left column of 2 i + 1: it tells who it is, where it lies, and if it is mirrored. */
const marked = datasetFrom({
  id: 'marked',
  classes: CLASSES,
  shape: [1, SIDE, SIDE],
  training: {
    images: Uint8Array.from(
      { length: IMAGES * SIDE * SIDE },
      (_, i) => 2 * Math.floor(i / SIDE ** 2) + (i % SIDE === 0 ? 1 : 2),
    ),
    labels: Uint8Array.from({ length: IMAGES }, (_, i) => i % 3),
  },
  test: { images: new Uint8Array(), labels: new Uint8Array() },
  validationImages: 0,
});

const CANVAS = 8;

const options = (changes: Partial<TrainBatchOptions> = {}): TrainBatchOptions => ({
  seed: 1,
  epoch: 1,
  batch: 10,
  size: CANVAS,
  augmentation: { flip: true, shift: 2, crop: 'shift' },
  ...changes,
});

interface Seen {
  readonly id: number;
  readonly label: number;
  readonly mirrored: boolean;
  readonly down: number;
  readonly right: number;
}

const bytesOf = (values: Float32Array): readonly number[] => {
  const { mean, deviation } = marked;
  return [...values].map((value) => Math.round(255 * (value * (deviation[0] ?? 0) + (mean[0] ?? 0))) + 0);
};

/** What became of every image of a batch; checks that it is whole and black around. */
const seenIn = ({ images, labels, count }: Batch): readonly Seen[] =>
  Array.from({ length: count }, (_, place) => {
    const canvas = bytesOf(images.subarray(place * CANVAS ** 2, (place + 1) * CANVAS ** 2));
    const value = Math.max(...canvas);
    const corner = canvas.findIndex((byte) => byte > 0);
    const [top, left] = [Math.floor(corner / CANVAS), corner % CANVAS];
    const mirrored = canvas[corner] === value;
    const expected = canvas.map((_, i) => {
      const [row, column] = [Math.floor(i / CANVAS) - top, (i % CANVAS) - left];
      const inside = row >= 0 && row < SIDE && column >= 0 && column < SIDE;
      const marks = column === (mirrored ? SIDE - 1 : 0);
      return inside ? value - Number(marks) : 0;
    });
    expect(canvas.join()).toBe(expected.join());
    const centre = (CANVAS - SIDE) / 2;
    return {
      id: value / 2 - 1,
      label: labels[place] ?? -1,
      mirrored,
      down: top - centre,
      right: left - centre,
    };
  });

const epochOf = async (changes: Partial<TrainBatchOptions> = {}): Promise<readonly Seen[]> =>
  (await Promise.all(trainBatches(marked, options(changes)))).flatMap(seenIn);

const idsOf = (seen: readonly Seen[]): readonly number[] => seen.map(({ id }) => id);

const changesById = (seen: readonly Seen[]): ReadonlyMap<number, Seen> =>
  new Map(seen.map((one) => [one.id, one]));

describe('images on their way into a network', () => {
  it('lie in the middle of the canvas, normalised, in a frame of normalised black', async () => {
    const side = fc.integer({ min: 1, max: 7 });
    await fc.assert(
      fc.asyncProperty(fc.tuple(fc.integer({ min: 1, max: 3 }), side, side), side, async (shape, size) => {
        const dataset = randomDataset(shape, 4, 5, 3);
        const [channels, height, width] = shape;
        const [top, left] = [Math.floor((size - height) / 2), Math.floor((size - width) / 2)];
        const [batch] = await Promise.all(evaluationBatches(dataset, 'test', { batch: 5, size }));
        const images = await imagesOf(dataset.splits.test);
        batch?.images.forEach((value, i) => {
          const [plane, row, column] = [
            Math.floor(i / size ** 2),
            Math.floor((i % size ** 2) / size) - top,
            (i % size) - left,
          ];
          const inside = row >= 0 && row < height && column >= 0 && column < width;
          const byte = inside ? (images[(plane * height + row) * width + column] ?? Number.NaN) : 0;
          const channel = plane % channels;
          const mean = dataset.mean[channel] ?? Number.NaN;
          expect(value).toBe(Math.fround((byte / 255 - mean) / (dataset.deviation[channel] ?? Number.NaN)));
        });
        expect(batch?.images).toHaveLength(5 * channels * size ** 2);
      }),
    );
  });

  it('have mean 0 and deviation 1 over the training images', async () => {
    const dataset = randomDataset([2, 5, 5], 40, 1, 4);
    const [batch] = await Promise.all(evaluationBatches(dataset, 'train', { batch: 40, size: 5 }));
    const all = batch?.images ?? new Float32Array();
    for (const channel of [0, 1]) {
      const values = all.filter((_, i) => Math.floor(i / 25) % 2 === channel);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const variance = values.reduce((sum, value) => sum + value * value, 0) / values.length;
      expect(mean).toBeCloseTo(0, 5);
      expect(variance).toBeCloseTo(1, 5);
    }
  });
});

describe('evaluation batches', () => {
  it('hold every image once, in order, the last one filled up with black', async () => {
    const dataset = randomDataset([1, 3, 3], 3, 23, 5);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 30 }), async (batch) => {
        const batches = await Promise.all(evaluationBatches(dataset, 'test', { batch, size: 3 }));
        const [whole] = await Promise.all(evaluationBatches(dataset, 'test', { batch: 23, size: 3 }));
        const filled = batches.flatMap(({ images, count }) => [...images.subarray(0, 9 * count)]);
        expect(filled).toEqual([...(whole?.images ?? [])]);
        expect(batches.flatMap(({ labels }) => [...labels])).toEqual([...dataset.splits.test.labels]);
        const black = Math.fround(-(dataset.mean[0] ?? 0) / (dataset.deviation[0] ?? 1));
        for (const { images, labels, count } of batches) {
          expect([images.length, labels.length]).toEqual([9 * batch, count]);
          expect(new Set(images.subarray(9 * count))).toEqual(new Set(count === batch ? [] : [black]));
        }
      }),
    );
  });
});

describe('training batches', () => {
  it('hold every image once an epoch, with its label, but for an incomplete last batch', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: IMAGES }), fc.integer(), async (batch, seed) => {
        const seen = await epochOf({ batch, seed });
        expect(seen).toHaveLength(Math.floor(IMAGES / batch) * batch);
        expect(new Set(idsOf(seen)).size).toBe(seen.length);
        for (const { id, label } of seen) expect(label).toBe(id % 3);
      }),
      { numRuns: 20 },
    );
  });

  it('come in another order with every epoch and seed, and in the same for the same', async () => {
    const order = async (changes: Partial<TrainBatchOptions>) => idsOf(await epochOf(changes)).join();
    expect(await order({ batch: 20 })).toBe(await order({ batch: 10 }));
    const orders = [{}, { epoch: 2 }, { seed: 2 }, { seed: 2, epoch: 2 }].map(order);
    expect(new Set(await Promise.all(orders)).size).toBe(4);
  });

  it('change an image by seed, epoch and image alone: not by batch size, nor by how many images are used', async () => {
    const all = changesById(await epochOf());
    for (const changes of [{ batch: 7 }, { batch: 50 }, { trainImages: 40 }, { trainImages: 99, batch: 9 }]) {
      for (const [id, seen] of changesById(await epochOf(changes))) expect(seen).toEqual(all.get(id));
    }
    for (const changes of [{ seed: 2 }, { epoch: 2 }]) {
      const others = changesById(await epochOf(changes));
      expect([...all].filter(([id, seen]) => seen.right !== others.get(id)?.right).length).toBeGreaterThan(
        50,
      );
    }
  });

  it('mirror half of the images and shift them evenly to all sides, where the recipe says so', async () => {
    const seen = (await Promise.all(Array.from({ length: 60 }, (_, epoch) => epochOf({ epoch })))).flat();
    const share = (fits: (one: Seen) => boolean) => seen.filter(fits).length / seen.length;
    const within = (p: number) => 5 * Math.sqrt((p * (1 - p)) / seen.length);
    expect(Math.abs(share(({ mirrored }) => mirrored) - 0.5)).toBeLessThan(within(0.5));
    for (const shift of [-2, -1, 0, 1, 2]) {
      expect(Math.abs(share(({ down }) => down === shift) - 0.2)).toBeLessThan(within(0.2));
      expect(Math.abs(share(({ right }) => right === shift) - 0.2)).toBeLessThan(within(0.2));
    }
    const plain = await epochOf({ augmentation: { flip: false, shift: 0, crop: 'shift' } });
    expect(plain.filter(({ mirrored, down, right }) => mirrored || down !== 0 || right !== 0)).toEqual([]);
  });

  it('leave out what is shifted beyond the canvas', async () => {
    const augmentation = { flip: false, shift: 9, crop: 'shift' } as const;
    for await (const { images } of trainBatches(marked, options({ size: SIDE, augmentation }))) {
      const bytes = bytesOf(images);
      expect(bytes.every((byte) => byte >= 0 && byte <= 2 * IMAGES)).toBe(true);
      expect(bytes.filter((byte) => byte > 0).length).toBeLessThan(bytes.length / 2);
    }
  });

  it('use nested subsets: fewer images are some of the more, under every seed', async () => {
    const used = async (trainImages: number, changes: Partial<TrainBatchOptions> = {}) =>
      new Set(idsOf(await epochOf({ trainImages, batch: 1, ...changes })));
    const sets = await Promise.all([1, 10, 30, 99, 100, 1000].map((count) => used(count)));
    expect(sets.map(({ size }) => size)).toEqual([1, 10, 30, 99, 100, 100]);
    sets.slice(1).forEach((larger, i) => {
      expect([...(sets[i] ?? [])].filter((id) => !larger.has(id))).toEqual([]);
    });
    expect(await used(30, { seed: 5, epoch: 3 })).toEqual(sets[2]);
    expect([trainCount(marked), trainCount(marked, 30), trainCount(marked, 1000)]).toEqual([100, 30, 100]);
  });

  it('refuse random crops of images that are not scaled', async () => {
    const augmentation = { flip: false, shift: 0, crop: 'random-resized' } as const;
    expect(await refusalOf(() => trainBatches(marked, options({ augmentation })).next())).toBe(
      "The recipe crops at random, and the images of marked are all of 4x4 pixels and not scaled. Say crop: 'shift' in the recipe's augmentation.",
    );
  });
});
