import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Split } from '../../../harness/data/dataset.js';
import { datasetFrom, type LabelledImages } from '../../../harness/data/labelled-images.js';
import { imagesOf } from '../../support/images.js';
import { seededRandom } from '../../support/random.js';

const CLASSES = ['a', 'b', 'c'];
const SHAPE = [2, 2, 3] as const;
const SIZE = 12;

/** Images that differ from each other in their first two bytes. */
const distinct = (labels: readonly number[], seed: number): LabelledImages => {
  const random = seededRandom(seed);
  const images = Uint8Array.from({ length: labels.length * SIZE }, () => Math.floor(256 * random()));
  labels.forEach((_, i) => {
    images.set([i % 256, Math.floor(i / 256) + 8 * seed], i * SIZE);
  });
  return { images, labels: Uint8Array.from(labels) };
};

const build = (training: LabelledImages, test: LabelledImages, validationImages = 6) =>
  datasetFrom({ id: 'made-up', classes: CLASSES, shape: SHAPE, training, test, validationImages });

const countOf = ({ labels }: Split, label: number): number => labels.filter((one) => one === label).length;

const keysOf = (images: Uint8Array): readonly string[] =>
  Array.from({ length: images.length / SIZE }, (_, i) => images.subarray(i * SIZE, (i + 1) * SIZE).join());

const labelled = ({ images, labels }: LabelledImages): [key: string, label: number | undefined][] =>
  keysOf(images).map((key, index) => [key, labels[index]]);

const readBack = async (split: Split): Promise<LabelledImages> => ({
  images: await imagesOf(split),
  labels: Uint8Array.from(split.labels),
});

const LABELS = Array.from({ length: 60 }, (_, i) => (i * i) % 3);
const TRAINING = distinct(LABELS, 1);
const TEST = distinct([0, 1, 2, 0, 1], 2);

describe('a data set from labelled images', () => {
  it('holds out equal parts of every class, and keeps every image once under its label', async () => {
    const labels = fc.array(fc.nat(2), { minLength: 12, maxLength: 80 });
    await fc.assert(
      fc.asyncProperty(labels, fc.nat(12), async (all, validationImages) => {
        fc.pre(CLASSES.every((_, label) => all.filter((one) => one === label).length >= 4));
        const training = distinct(all, 1);
        const { splits } = build(training, TEST, validationImages);
        const perClass = Math.floor(validationImages / 3);
        for (const label of CLASSES.keys()) expect(countOf(splits.validation, label)).toBe(perClass);

        const kept = (await Promise.all([splits.train, splits.validation].map(readBack))).flatMap(labelled);
        expect(kept).toHaveLength(all.length);
        expect(new Map(kept)).toEqual(new Map(labelled(training)));
      }),
    );
  });

  it('keeps the order of the images within a split, and the test images as they are', async () => {
    const { splits } = build(TRAINING, TEST);
    const positions = new Map(keysOf(TRAINING.images).map((key, index) => [key, index]));
    for (const split of [splits.train, splits.validation]) {
      const order = keysOf(await imagesOf(split)).map((key) => positions.get(key));
      expect(order).toEqual(order.toSorted((a, b) => (a ?? 0) - (b ?? 0)));
    }
    expect(splits.test.count).toBe(5);
    expect(await readBack(splits.test)).toMatchObject({
      images: Buffer.from(TEST.images),
      labels: TEST.labels,
    });
  });

  it('has the mean and deviation of the training images alone, by channel', async () => {
    const { splits, mean, deviation } = build(TRAINING, TEST);
    const { count } = splits.train;
    const images = await imagesOf(splits.train);
    for (const channel of [0, 1]) {
      const values = Array.from({ length: count }, (_, i) =>
        [...images.subarray(i * SIZE + 6 * channel, i * SIZE + 6 * (channel + 1))].map((byte) => byte / 255),
      ).flat();
      const average = values.reduce((sum, value) => sum + value, 0) / values.length;
      const variance = values.reduce((sum, value) => sum + (value - average) ** 2, 0) / values.length;
      expect(mean[channel]).toBeCloseTo(average, 10);
      expect(deviation[channel]).toBeCloseTo(Math.sqrt(variance), 10);
    }
  });
});

describe('the content hash', () => {
  const hash = build(TRAINING, TEST).contentHash;

  it('is equal for equal content', () => {
    expect(build(distinct(LABELS, 1), distinct([0, 1, 2, 0, 1], 2)).contentHash).toBe(hash);
  });

  it('is another for any other byte or label, in any split', () => {
    const place = fc.record({
      part: fc.constantFrom('training', 'test'),
      at: fc.nat(),
      by: fc.integer({ min: 1, max: 255 }),
    });
    fc.assert(
      fc.property(place, fc.boolean(), ({ part, at, by }, inLabels) => {
        const change = ({ images, labels }: LabelledImages): LabelledImages =>
          inLabels
            ? { images, labels: shifted(labels, at, 1 + (by % 2), 3) }
            : { images: shifted(images, at, by, 256), labels };
        const [training, test] = part === 'training' ? [change(TRAINING), TEST] : [TRAINING, change(TEST)];
        expect(build(training, test).contentHash).not.toBe(hash);
      }),
    );
  });

  it('is another for another order, another part held out, or another shape of the same bytes', () => {
    const swapped = {
      images: Uint8Array.from([...TRAINING.images.subarray(SIZE), ...TRAINING.images.subarray(0, SIZE)]),
      labels: Uint8Array.from([...LABELS.slice(1), LABELS[0] ?? 0]),
    };
    const source = { id: 'x', classes: CLASSES, training: TRAINING, test: TEST, validationImages: 6 };
    const hashes = [
      hash,
      build(swapped, TEST).contentHash,
      build(TRAINING, TEST, 9).contentHash,
      datasetFrom({ ...source, shape: [2, 3, 2] }).contentHash,
    ];
    expect(new Set(hashes).size).toBe(4);
  });
});

const shifted = (bytes: Uint8Array, at: number, by: number, modulus: number): Uint8Array => {
  const index = at % bytes.length;
  return bytes.with(index, ((bytes[index] ?? 0) + by) % modulus);
};
