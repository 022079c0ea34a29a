/** Images and labels as arrays of numpy: an `.npz` file, or a folder of `.npy` files with the same names. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readRegularFile } from '../../files/regular-file.js';
import type { MapShape } from '../../graph/shape.js';
import { UserError } from '../../user/user-error.js';
import type { DatasetEntry, LoadOptions } from '../dataset-entry.js';
import { datasetFrom, type LabelledImages } from '../labelled-images.js';
import { labelsOf, type NpyArray, readNpy } from './npy.js';
import { MOST_ARRAY_BYTES, readNpz } from './npz.js';

const ID = 'arrays';

/** As Keras names them, and as MedMNIST does. */
const NAMINGS = {
  keras: { train: ['x_train', 'y_train'], validation: ['x_val', 'y_val'], test: ['x_test', 'y_test'] },
  medmnist: {
    train: ['train_images', 'train_labels'],
    validation: ['val_images', 'val_labels'],
    test: ['test_images', 'test_labels'],
  },
} as const;

const ALL_NAMES = Object.values(NAMINGS).flatMap(({ train, validation, test }) => [
  ...train,
  ...validation,
  ...test,
]);

const REMEDY = `Save images as bytes, N x height x width or N x height x width x channels, and labels from 0: x_train, y_train, x_test, y_test, and x_val, y_val if there are any; or as MedMNIST names them.`;

/** Of the training images, where there are none for validation. */
const VALIDATION_SHARE = 0.1;

export const arrays: DatasetEntry = {
  id: ID,
  summary: 'Images and labels as arrays of numpy: an .npz file, or a folder of .npy files.',
  location: (options) => placeOf(options),
  remedy: `Name the file or folder as data.path of the suite or in LIGHTBENCH_DATA. ${REMEDY}`,
  load: async (options) => {
    const place = placeOf(options);
    if (place === null) {
      throw new UserError(
        `The data set ${ID} needs an .npz file or a folder of .npy files.`,
        'Name it as data.path of the suite or in LIGHTBENCH_DATA.',
      );
    }
    const found = await arraysIn(place);
    const naming = Object.values(NAMINGS).find(({ train }) => train.every((name) => found.has(name)));
    if (naming === undefined) throw new UserError(`${place} has no arrays x_train and y_train.`, REMEDY);
    const part = ([images, labels]: readonly [string, string]): Part | null => {
      const [pixels, numbers] = [found.get(images), found.get(labels)];
      if (pixels !== undefined && numbers !== undefined)
        return partOf(pixels, numbers, `${images} of ${place}`);
      if (pixels === undefined && numbers === undefined) return null;
      const [present, missing] = pixels === undefined ? [labels, images] : [images, labels];
      throw new UserError(`${place} has ${present}, and no ${missing}.`, REMEDY);
    };
    const [train, test, validation] = [part(naming.train), part(naming.test), part(naming.validation)];
    if (train === null || test === null) {
      throw new UserError(`${place} has no arrays ${naming.test.join(' and ')}.`, REMEDY);
    }
    for (const other of [test, validation]) {
      if (other === null || other.shape.join() === train.shape.join()) continue;
      throw new UserError(
        `${place} has images of ${train.shape.join('x')} to train and of ${other.shape.join('x')} besides.`,
        REMEDY,
      );
    }
    const count =
      1 +
      Math.max(
        ...[train, test].map(({ images: { labels } }) =>
          labels.reduce((most, label) => Math.max(most, label), 0),
        ),
      );
    const odd = validation?.images.labels.findIndex((label) => label >= count) ?? -1;
    if (odd !== -1) {
      throw new UserError(
        `${naming.validation[1]} of ${place} gives image ${odd} the label ${validation?.images.labels[odd]}; the images to train and to test have ${count} classes.`,
        'Number the classes of all splits alike, from 0.',
      );
    }
    return datasetFrom({
      id: ID,
      classes: Array.from({ length: count }, (_, label) => `${label}`),
      shape: train.shape,
      training: train.images,
      test: test.images,
      ...(validation === null ? {} : { validation: validation.images }),
      validationImages: Math.max(count, Math.round(VALIDATION_SHARE * train.images.labels.length)),
    });
  },
};

const placeOf = ({ path, dataFolder }: LoadOptions): string | null =>
  [path, dataFolder]
    .flatMap((place) => place ?? [])
    .find(
      (place) => place.endsWith('.npz') || ALL_NAMES.some((name) => existsSync(join(place, `${name}.npy`))),
    ) ?? null;

const arraysIn = async (place: string): Promise<ReadonlyMap<string, NpyArray>> => {
  const names = ALL_NAMES.map((name) => `${name}.npy`);
  const files = statSync(place, { throwIfNoEntry: false })?.isDirectory()
    ? await filesIn(place, names)
    : await readNpz(place, new Set(names));
  return new Map(
    [...files].map(([name, bytes]) => [name.replace(/\.npy$/, ''), readNpy(bytes, `${name} of ${place}`)]),
  );
};

const filesIn = async (folder: string, names: readonly string[]): Promise<ReadonlyMap<string, Buffer>> => {
  const present = names.filter((name) => existsSync(join(folder, name)));
  return new Map(
    await Promise.all(
      present.map(
        async (name): Promise<[string, Buffer]> => [
          name,
          await readRegularFile(join(folder, name), { most: MOST_ARRAY_BYTES, remedy: REMEDY }),
        ],
      ),
    ),
  );
};

interface Part {
  readonly shape: MapShape;
  readonly images: LabelledImages;
}

const partOf = (pixels: NpyArray, numbers: NpyArray, where: string): Part => {
  const [count = 0, ...sides] = pixels.shape;
  const layout = layoutOf(sides);
  if (pixels.type !== '|u1' || layout === null || count === 0) {
    throw new UserError(
      `${where} holds ${pixels.shape.join('x')} values of type ${pixels.type}, not images in bytes.`,
      REMEDY,
    );
  }
  const labels = labelsOf(numbers, `The labels of ${where}`);
  if (labels.length !== count) {
    throw new UserError(`${where} holds ${count} images, and there are ${labels.length} labels.`, REMEDY);
  }
  const { shape, isInterleaved } = layout;
  return {
    shape,
    images: { images: isInterleaved ? planar(pixels.bytes, shape) : new Uint8Array(pixels.bytes), labels },
  };
};

/** Channels, height and width; three or four sides of 1 or 3 at the end are channels, else those at the beginning. */
const layoutOf = (
  sides: readonly number[],
): { readonly shape: MapShape; readonly isInterleaved: boolean } | null => {
  const [first = 0, second = 0, third = 0] = sides;
  if (sides.some((side) => side < 1)) return null;
  if (sides.length === 2) return { shape: [1, first, second], isInterleaved: false };
  if (sides.length !== 3) return null;
  if (third === 1 || third === 3) return { shape: [third, first, second], isInterleaved: true };
  return first === 1 || first === 3 ? { shape: [first, second, third], isInterleaved: false } : null;
};

const planar = (bytes: Uint8Array, [channels, height, width]: MapShape): Uint8Array => {
  const pixels = height * width;
  const size = channels * pixels;
  const images = new Uint8Array(bytes.length);
  for (let at = 0; at < bytes.length; at += 1) {
    const [image, inside] = [Math.floor(at / size), at % size];
    images[image * size + (inside % channels) * pixels + Math.floor(inside / channels)] = bytes[at] ?? 0;
  }
  return images;
};
