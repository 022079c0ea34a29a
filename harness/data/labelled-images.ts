/** From labelled images to a data set: validation held out, content hash, statistics of the training images. */
import { createHash } from 'node:crypto';
import { elementCount, type MapShape } from '../graph/shape.js';
import type { Dataset, SplitName, StoredSplit } from './dataset.js';
import { heldOut } from './held-out.js';

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
  /** Images that somebody has set aside for validation. */
  readonly validation?: LabelledImages;
  /** Otherwise, training images held out for validation, in equal parts from every class. */
  readonly validationImages: number;
}

export const datasetFrom = ({ id, classes, shape, training, test, ...source }: Source): Dataset => {
  const size = elementCount(shape);
  const parts = { ...trainingOf(training, classes.length, size, source), test };
  const [channels, height, width] = shape;
  return {
    id,
    classes,
    channels,
    imageSize: [height, width],
    splits: {
      train: inMemory(parts.train, shape),
      validation: inMemory(parts.validation, shape),
      test: inMemory(parts.test, shape),
    },
    contentHash: hashOf(parts, shape),
    ...statistics(parts.train, shape),
  };
};

const trainingOf = (
  training: LabelledImages,
  classes: number,
  size: number,
  { validation, validationImages }: Pick<Source, 'validation' | 'validationImages'>,
): Readonly<Record<'train' | 'validation', LabelledImages>> => {
  if (validation !== undefined) return { train: training, validation };
  const perClass = Math.floor(validationImages / classes);
  const { kept, held } = heldOut(training.labels, classes, () => perClass);
  return { train: pick(training, kept, size), validation: pick(training, held, size) };
};

/** Images that are held as they are, and served without a copy. */
const inMemory = ({ images, labels }: LabelledImages, shape: MapShape): StoredSplit => {
  const [, height, width] = shape;
  const size = elementCount(shape);
  const layout = { height, width, pixelStep: 1, channelStep: height * width };
  return {
    labels,
    count: labels.length,
    read: (index) => ({ bytes: images.subarray(index * size, (index + 1) * size), ...layout }),
  };
};

const pick = ({ images, labels }: LabelledImages, indices: Uint32Array, size: number): LabelledImages => {
  const picked = new Uint8Array(indices.length * size);
  indices.forEach((index, place) => {
    picked.set(images.subarray(index * size, (index + 1) * size), place * size);
  });
  return {
    images: picked,
    labels: Uint8Array.from(indices, (index) => labels[index] ?? 0),
  };
};

const hashOf = (parts: Readonly<Record<SplitName, LabelledImages>>, shape: MapShape): string => {
  const hash = createHash('sha256').update(`${shape.join('x')}\n`);
  for (const [name, { images, labels }] of Object.entries(parts)) {
    hash.update(`${name} ${labels.length}\n`).update(images).update(labels);
  }
  return hash.digest('hex').slice(0, 16);
};

const statistics = (
  { images, labels: { length: count } }: LabelledImages,
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
