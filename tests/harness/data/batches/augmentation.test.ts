import { describe, expect, it } from 'vitest';
import { type TrainBatchOptions, trainBatches } from '../../../../harness/data/batches/batches.js';
import {
  augmentation,
  bytesOf,
  CANVAS,
  epochOf,
  IMAGES,
  marked,
  options,
  randomDataset,
  type Seen,
  SIDE,
  seenIn,
} from '../../../support/marked-images.js';

/** The marked images of an epoch in their order, as they come out. */
const epochImages = async (
  given: TrainBatchOptions,
): Promise<readonly { readonly id: number; readonly canvas: Float32Array }[]> =>
  (await Promise.all(trainBatches(marked, given))).flatMap((batch) =>
    seenIn(batch).map(({ id }, place) => ({
      id,
      canvas: batch.images.subarray(place * CANVAS ** 2, (place + 1) * CANVAS ** 2),
    })),
  );

const isMixture = (
  canvas: Float32Array,
  first: Float32Array | undefined,
  second: Float32Array | undefined,
  share: number,
): boolean =>
  canvas.every(
    (value, i) =>
      Math.abs(value - share * (first?.[i] ?? Number.NaN) - (1 - share) * (second?.[i] ?? Number.NaN)) < 1e-5,
  );

/** What an erased pixel reads as. */
const MEAN_BYTE = Math.round(255 * (marked.mean[0] ?? 0));

const changesById = (seen: readonly Seen[]): ReadonlyMap<number, Seen> =>
  new Map(seen.map((one) => [one.id, one]));

describe('augmentation', () => {
  it('changes an image by seed, epoch and image alone: not by batch size, nor by how many images are used', async () => {
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

  it('mirrors half of the images and shifts them evenly to all sides, where the recipe says so', async () => {
    const seen = (await Promise.all(Array.from({ length: 60 }, (_, epoch) => epochOf({ epoch })))).flat();
    const share = (fits: (one: Seen) => boolean) => seen.filter(fits).length / seen.length;
    const within = (p: number) => 5 * Math.sqrt((p * (1 - p)) / seen.length);
    expect(Math.abs(share(({ mirrored }) => mirrored) - 0.5)).toBeLessThan(within(0.5));
    for (const shift of [-2, -1, 0, 1, 2]) {
      expect(Math.abs(share(({ down }) => down === shift) - 0.2)).toBeLessThan(within(0.2));
      expect(Math.abs(share(({ right }) => right === shift) - 0.2)).toBeLessThan(within(0.2));
    }
    const plain = await epochOf({ augmentation: augmentation({ flip: false, shift: 0 }) });
    expect(plain.filter(({ mirrored, down, right }) => mirrored || down !== 0 || right !== 0)).toEqual([]);
  });

  it('leaves out what is shifted beyond the canvas', async () => {
    const batches = trainBatches(
      marked,
      options({ size: SIDE, augmentation: augmentation({ flip: false, shift: 9 }) }),
    );
    for await (const { images } of batches) {
      const bytes = bytesOf(images);
      expect(bytes.every((byte) => byte >= 0 && byte <= 2 * IMAGES)).toBe(true);
      expect(bytes.filter((byte) => byte > 0).length).toBeLessThan(bytes.length / 2);
    }
  });

  it('erases a rectangle of the share and shape of the paper, as often as the recipe says', async () => {
    const size = 20;
    const black = randomDataset([2, 1, 1], 400, 1, 6);
    const batches = trainBatches(
      black,
      options({ size, batch: 100, augmentation: augmentation({ shift: 0, erase: 0.6 }) }),
    );
    const images = (await Promise.all(batches)).flatMap((batch) =>
      Array.from({ length: 100 }, (_, i) =>
        batch.images.subarray(i * 2 * size ** 2, (i + 1) * 2 * size ** 2),
      ),
    );
    const erased = images.flatMap((image) => {
      const holes = [0, 1].map((channel) => {
        const plane = image.subarray(channel * size ** 2, (channel + 1) * size ** 2);
        return [...plane.keys()].filter((i) => plane[i] === 0);
      });
      expect(holes[1]).toEqual(holes[0]);
      return holes[0]?.length ? [holes[0]] : [];
    });
    expect(Math.abs(erased.length / 400 - 0.6)).toBeLessThan(5 * Math.sqrt(0.24 / 400));
    const areas = erased.map((hole) => {
      const [rows, columns] = [hole.map((i) => Math.floor(i / size)), hole.map((i) => i % size)];
      const height = Math.max(...rows) - Math.min(...rows) + 1;
      const width = Math.max(...columns) - Math.min(...columns) + 1;
      expect(hole).toHaveLength(height * width);
      expect(height).toBeLessThanOrEqual(Math.ceil(width / 0.3) + 1);
      expect(width).toBeLessThanOrEqual(Math.ceil(height / 0.3) + 1);
      return (height * width) / size ** 2;
    });
    expect(Math.min(...areas)).toBeGreaterThan(0.01);
    expect(Math.max(...areas)).toBeLessThan(0.45);
    expect(new Set(erased.map((hole) => hole[0])).size).toBeGreaterThan(100);
  });

  it('erases by seed, epoch and image alone', async () => {
    const erase = augmentation({ flip: false, shift: 0, erase: 1 });
    const byId = async (changes: Partial<TrainBatchOptions>) =>
      new Map(
        (await Promise.all(trainBatches(marked, options({ batch: 1, augmentation: erase, ...changes })))).map(
          ({ images }) => {
            const bytes = bytesOf(images);
            return [Math.max(...bytes.filter((byte) => byte !== MEAN_BYTE)), images.join()];
          },
        ),
      );
    const all = await byId({});
    for (const [id, image] of await byId({ trainImages: 50 })) expect(image).toBe(all.get(id));
    expect(await byId({})).toEqual(all);
    expect(await byId({ seed: 2 })).not.toEqual(all);
    expect(await byId({ epoch: 2 })).not.toEqual(all);
  });

  it('mixes every image with one other, whose label they keep, by shares drawn for the image', async () => {
    const mixing = (changes: Partial<TrainBatchOptions> = {}) =>
      options({ augmentation: augmentation({ mixup: 0.5 }), ...changes });
    const plain = new Map((await epochImages(options())).map((one) => [one.id, one.canvas]));
    for (const changes of [{}, { batch: 25 }, { trainImages: 40, batch: 8 }]) {
      const used = (await epochImages(options(changes))).map(({ id }) => id);
      const partners: number[] = [];
      (await Promise.all(trainBatches(marked, mixing(changes)))).forEach(
        ({ images, labels, mixed, count }, b) => {
          for (let place = 0; place < count; place += 1) {
            const id = used[b * count + place] ?? -1;
            const share = mixed?.shares[place] ?? Number.NaN;
            const canvas = images.subarray(place * CANVAS ** 2, (place + 1) * CANVAS ** 2);
            // Where the share is almost 1, several images fit.
            const fitting = used.filter((other) => isMixture(canvas, plain.get(id), plain.get(other), share));
            expect(labels[place]).toBe(id % 3);
            expect(fitting.map((partner) => partner % 3)).toContain(mixed?.labels[place]);
            if (fitting.length === 1) partners.push(...fitting);
          }
        },
      );
      expect(partners.length).toBeGreaterThan(used.length / 2);
      expect(new Set(partners).size).toBe(partners.length);
    }
  });

  it('mixes by the same shares whatever the batch, and others with every epoch', async () => {
    const shares = async (changes: Partial<TrainBatchOptions>) => {
      const given = options({ augmentation: augmentation({ mixup: 0.5 }), ...changes });
      const ids = (await epochImages(options(changes))).map(({ id }) => id);
      return new Map(
        (await Promise.all(trainBatches(marked, given)))
          .flatMap(({ mixed }) => [...(mixed?.shares ?? [])])
          .map((share, i) => [ids[i], share]),
      );
    };
    const all = await shares({});
    expect(all.size).toBe(IMAGES);
    for (const changes of [{ batch: 25 }, { trainImages: 40, batch: 8 }]) {
      for (const [id, share] of await shares(changes)) expect(share).toBe(all.get(id));
    }
    expect(await shares({ epoch: 2 })).not.toEqual(all);
    expect(await shares({ seed: 2 })).not.toEqual(all);
  });

  it('mixes only where the recipe says so', async () => {
    const batches = await Promise.all(trainBatches(marked, options()));
    expect(batches.filter(({ mixed }) => mixed !== undefined)).toEqual([]);
  });
});
