import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  evaluationBatches,
  type TrainBatchOptions,
  trainBatches,
  trainCount,
} from '../../../../harness/data/batches/batches.js';
import { imagesOf } from '../../../support/images.js';
import {
  augmentation,
  epochOf,
  IMAGES,
  idsOf,
  marked,
  options,
  randomDataset,
} from '../../../support/marked-images.js';
import { refusalOf } from '../../../support/refusal.js';

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
    const cropped = options({ augmentation: augmentation({ crop: 'random-resized' }) });
    expect(await refusalOf(() => trainBatches(marked, cropped).next())).toBe(
      "The recipe crops at random, but the images of marked all have 4x4 pixels and are not scaled. Set augmentation.crop to 'shift'.",
    );
  });
});
