/** From labelled images to a data set: validation held out, content hash, statistics of the training images. */
import { createHash } from 'node:crypto';
import { elementCount, type MapShape } from '../graph/shape.js';
import { randomStream } from '../random.js';
import type { Dataset, Split } from './dataset.js';

export interface LabelledImages {
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
}

interface Source {
  readonly id: string;
  readonly classes: readonly string[];
  readonly shape: MapShape;
  readonly training: LabelledImages;
  readonly test: LabelledImages;
  /** Training images held out for validation, in equal parts from every class. */
  readonly validationImages: number;
}

export const datasetFrom = ({ id, classes, shape, training, test, validationImages }: Source): Dataset => {
  const size = elementCount(shape);
  const held = heldOut(training.labels, classes.length, validationImages);
  const kept = Uint32Array.from(training.labels.keys()).filter((index) => !held.has(index));
  const splits = {
    train: pick(training, kept, size),
    validation: pick(training, Uint32Array.from(held), size),
    test: { ...test, count: test.labels.length },
  };
  return {
    id,
    classes,
    shape,
    splits,
    contentHash: hashOf(splits, shape),
    ...statistics(splits.train, shape),
  };
};

/** The same images for everyone: within each class the first of a fixed random order. */
const heldOut = (labels: Uint8Array, classes: number, count: number): ReadonlySet<number> => {
  const perClass = Math.floor(count / classes);
  const byClass = Array.from({ length: classes }, (): number[] => []);
  for (const [index, label] of labels.entries()) byClass[label]?.push(index);
  const chosen = byClass.flatMap((members, label) => {
    const order = randomStream(0, 'validation', label).permutation(members.length);
    return [...order.subarray(0, perClass)].map((position) => members[position] ?? 0);
  });
  return new Set(chosen.sort((a, b) => a - b));
};

const pick = ({ images, labels }: LabelledImages, indices: Uint32Array, size: number): Split => {
  const picked = new Uint8Array(indices.length * size);
  indices.forEach((index, place) => {
    picked.set(images.subarray(index * size, (index + 1) * size), place * size);
  });
  return {
    images: picked,
    labels: Uint8Array.from(indices, (index) => labels[index] ?? 0),
    count: indices.length,
  };
};

const hashOf = (splits: Dataset['splits'], shape: MapShape): string => {
  const hash = createHash('sha256').update(`${shape.join('x')}\n`);
  for (const [name, { images, labels, count }] of Object.entries(splits)) {
    hash.update(`${name} ${count}\n`).update(images).update(labels);
  }
  return hash.digest('hex').slice(0, 16);
};

const statistics = (
  { images, count }: Split,
  [channels, height, width]: MapShape,
): { readonly mean: readonly number[]; readonly deviation: readonly number[] } => {
  const pixels = height * width;
  const perChannel = Array.from({ length: channels }, (_, channel) => {
    let [sum, squares] = [0, 0];
    for (let image = 0; image < count; image += 1) {
      const first = (image * channels + channel) * pixels;
      for (let pixel = first; pixel < first + pixels; pixel += 1) {
        const value = (images[pixel] ?? 0) / 255;
        sum += value;
        squares += value * value;
      }
    }
    const mean = sum / (count * pixels);
    return { mean, deviation: Math.sqrt(Math.max(squares / (count * pixels) - mean * mean, 1e-12)) };
  });
  return {
    mean: perChannel.map(({ mean }) => mean),
    deviation: perChannel.map(({ deviation }) => deviation),
  };
};
