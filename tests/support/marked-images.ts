/** Data sets whose images tell what has become of them. */
import { expect } from 'vitest';
import type { Batch } from '../../harness/data/batches/batch.js';
import { type TrainBatchOptions, trainBatches } from '../../harness/data/batches/batches.js';
import type { Dataset } from '../../harness/data/dataset.js';
import { datasetFrom } from '../../harness/data/labelled-images.js';
import { elementCount, type MapShape } from '../../harness/graph/shape.js';
import type { Recipe, RecipeInput } from '../../harness/recipe/recipe.js';
import { seededRandom } from './random.js';
import { stepRecipe } from './recipe.js';

const CLASSES = ['a', 'b', 'c'];

/** Random images; no validation. */
export const randomDataset = (shape: MapShape, train: number, test: number, seed: number): Dataset => {
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

export const IMAGES = 100;
export const SIDE = 4;

/** Image i is a square of the value 2 i + 2 with a left column of 2 i + 1: it tells who it is, where it lies, and if it is mirrored. */
export const marked = datasetFrom({
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

export const CANVAS = 8;

export const augmentation = (changes: RecipeInput['augmentation'] = {}): Recipe['augmentation'] =>
  stepRecipe({ augmentation: changes }).augmentation;

export const options = (changes: Partial<TrainBatchOptions> = {}): TrainBatchOptions => ({
  seed: 1,
  epoch: 1,
  batch: 10,
  size: CANVAS,
  augmentation: augmentation(),
  ...changes,
});

export interface Seen {
  readonly id: number;
  readonly label: number;
  readonly mirrored: boolean;
  readonly down: number;
  readonly right: number;
}

export const bytesOf = (values: Float32Array): readonly number[] => {
  const { mean, deviation } = marked;
  return [...values].map((value) => Math.round(255 * (value * (deviation[0] ?? 0) + (mean[0] ?? 0))) + 0);
};

/** What became of every image of a batch; checks that it is whole and black around. */
export const seenIn = ({ images, labels, count }: Batch): readonly Seen[] =>
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

export const epochOf = async (changes: Partial<TrainBatchOptions> = {}): Promise<readonly Seen[]> =>
  (await Promise.all(trainBatches(marked, options(changes)))).flatMap(seenIn);

export const idsOf = (seen: readonly Seen[]): readonly number[] => seen.map(({ id }) => id);
