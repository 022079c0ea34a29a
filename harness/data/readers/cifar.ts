/** CIFAR-10 and CIFAR-100 (Krizhevsky 2009), 32 x 32 in colour: the binary version, and the Python batches. */
import { join } from 'node:path';
import { readRegularFile } from '../../files/regular-file.js';
import { UserError } from '../../user/user-error.js';
import type { DatasetEntry, LoadOptions } from '../dataset-entry.js';
import type { Download } from '../download.js';
import { datasetFrom, type LabelledImages } from '../labelled-images.js';
import { type Fetched, fetchDataset } from './fetched.js';
import { unpickle } from './pickle.js';
import type { Entries, Unpickled } from './pickle-machine.js';
import { findFiles, notHere, placesOf, remedyOf } from './place.js';

const SHAPE = [3, 32, 32] as const;
const IMAGE_BYTES = 3072;

/** Of one file, far above the 50,000 of CIFAR-100's. */
const MOST_IMAGES = 200_000;

/** Of the training images. */
const VALIDATION_SHARE = 0.1;

const REMEDY = 'Unpack the distributed archive anew.';

interface Version {
  /** Folder that the archive unpacks to. */
  readonly folder: string;
  readonly train: readonly string[];
  readonly test: string;
  /** The names of the classes. */
  readonly names: string;
  readonly read: (file: string, cifar: Cifar) => Promise<LabelledImages>;
  readonly readNames: (file: string, cifar: Cifar) => Promise<readonly string[]>;
}

interface Cifar {
  readonly id: 'cifar-10' | 'cifar-100';
  readonly classes: number;
  /** Bytes before an image of the binary version; its class is the last of them. */
  readonly labelBytes: number;
  /** Of the Python batches. */
  readonly labelKey: string;
  readonly namesKey: string;
}

const readBinary: Version['read'] = async (file, { classes, labelBytes }) => {
  const record = labelBytes + IMAGE_BYTES;
  const bytes = await readRegularFile(file, { most: MOST_IMAGES * record, remedy: REMEDY });
  const count = bytes.length / record;
  if (!Number.isInteger(count) || count === 0) {
    throw new UserError(
      `${file} has ${bytes.length} bytes, which are no whole images of ${record} bytes.`,
      REMEDY,
    );
  }
  const images = new Uint8Array(count * IMAGE_BYTES);
  const labels = new Uint8Array(count);
  for (let index = 0; index < count; index += 1) {
    const start = index * record + labelBytes;
    labels[index] = bytes[start - 1] ?? 0;
    images.set(bytes.subarray(start, start + IMAGE_BYTES), index * IMAGE_BYTES);
  }
  return checked(file, { images, labels }, classes);
};

const readPython: Version['read'] = async (file, { classes, labelKey }) => {
  const batch = await readPickle(file);
  const [data, labels] = [batch.get('data'), batch.get(labelKey)];
  if (!isByteArray(data) || !Array.isArray(labels)) {
    throw new UserError(`${file} has no data and ${labelKey}.`, REMEDY);
  }
  const [count = 0, size] = data.shape;
  if (size !== IMAGE_BYTES || labels.length !== count) {
    throw new UserError(
      `${file} holds data of ${data.shape.join('x')} and ${labels.length} ${labelKey}.`,
      REMEDY,
    );
  }
  const numbers = labels.map((label) =>
    typeof label === 'number' && label >= 0 && label < 256 ? label : 255,
  );
  return checked(file, { images: data.values, labels: Uint8Array.from(numbers) }, classes);
};

const checked = (file: string, part: LabelledImages, classes: number): LabelledImages => {
  const odd = part.labels.findIndex((label) => label >= classes);
  if (odd === -1) return part;
  throw new UserError(`${file} gives image ${odd} a label that is none of the ${classes} classes.`, REMEDY);
};

const readPickle = async (file: string): Promise<Entries> => {
  const bytes = await readRegularFile(file, { most: MOST_IMAGES * (IMAGE_BYTES + 64), remedy: REMEDY });
  const batch = unpickle(bytes, file);
  if (batch instanceof Map) return batch;
  throw new UserError(`${file} holds no dictionary.`, REMEDY);
};

const isByteArray = (value: Unpickled | undefined) =>
  typeof value === 'object' && value !== null && 'shape' in value;

const textNames: Version['readNames'] = async (file, { classes }) => {
  const text = (await readRegularFile(file, { most: 2 ** 16, remedy: REMEDY })).toString('utf8');
  return namesIn(
    file,
    text
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== ''),
    classes,
  );
};

const pickledNames: Version['readNames'] = async (file, { classes, namesKey }) => {
  const names = (await readPickle(file)).get(namesKey);
  const texts = Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
  return namesIn(file, texts, classes);
};

const namesIn = (file: string, names: readonly string[], classes: number): readonly string[] => {
  if (names.length === classes) return names;
  throw new UserError(`${file} names ${names.length} classes, not ${classes}.`, REMEDY);
};

const FIVE = [1, 2, 3, 4, 5];

const VERSIONS: Readonly<Record<Cifar['id'], readonly Version[]>> = {
  'cifar-10': [
    {
      folder: 'cifar-10-batches-bin',
      train: FIVE.map((n) => `data_batch_${n}.bin`),
      test: 'test_batch.bin',
      names: 'batches.meta.txt',
      read: readBinary,
      readNames: textNames,
    },
    {
      folder: 'cifar-10-batches-py',
      train: FIVE.map((n) => `data_batch_${n}`),
      test: 'test_batch',
      names: 'batches.meta',
      read: readPython,
      readNames: pickledNames,
    },
  ],
  'cifar-100': [
    {
      folder: 'cifar-100-binary',
      train: ['train.bin'],
      test: 'test.bin',
      names: 'fine_label_names.txt',
      read: readBinary,
      readNames: textNames,
    },
    {
      folder: 'cifar-100-python',
      train: ['train'],
      test: 'test',
      names: 'meta',
      read: readPython,
      readNames: pickledNames,
    },
  ],
};

/** The Python version of each, as its authors distribute it. */
const ARCHIVES: Readonly<Record<Cifar['id'], Download>> = {
  'cifar-10': {
    name: 'cifar-10-python.tar.gz',
    bytes: 170_498_071,
    sha256: '6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce',
  },
  'cifar-100': {
    name: 'cifar-100-python.tar.gz',
    bytes: 169_001_437,
    sha256: '85cd44d02ba6437773c5bbd22e183051d648de2e7d6b014e1ef29b855ba677a7',
  },
};

const fetchedOf = (id: Cifar['id']): Fetched => ({
  id,
  origin: 'https://www.cs.toronto.edu/~kriz',
  files: [ARCHIVES[id]],
  members: VERSIONS[id].flatMap((version) => filesOf(version).map((file) => `${version.folder}/${file}`)),
});

const filesOf = ({ train, test, names }: Version): readonly string[] => [...train, test, names];

const entryOf = (cifar: Cifar, summary: string): DatasetEntry => {
  const { id } = cifar;
  const versions = VERSIONS[id];
  const find = (options: LoadOptions) => {
    const folders = versions.map(({ folder }) => folder);
    const found = findFiles(placesOf(id, options), folders, versions.map(filesOf));
    const version = versions.find((one) => one.test === found?.files.at(-2));
    return found === null || version === undefined ? null : { folder: found.folder, version };
  };
  return {
    id,
    summary,
    location: (options) => find(options)?.folder ?? null,
    remedy: remedyOf(id),
    download: (options) => fetchDataset(fetchedOf(id), options),
    load: async (options) => {
      const found = find(options);
      if (found === null)
        throw notHere(
          id,
          options,
          versions.flatMap(({ folder }) => folder),
        );
      const { folder, version } = found;
      const parts = await Promise.all(version.train.map((file) => version.read(join(folder, file), cifar)));
      const training = {
        images: Buffer.concat(parts.map(({ images }) => images)),
        labels: Uint8Array.from(parts.flatMap(({ labels }) => [...labels])),
      };
      const test = await version.read(join(folder, version.test), cifar);
      const classes = await version.readNames(join(folder, version.names), cifar);
      const validationImages = Math.max(
        classes.length,
        Math.round(VALIDATION_SHARE * training.labels.length),
      );
      return datasetFrom({ id, classes, shape: SHAPE, training, test, validationImages });
    },
  };
};

export const cifar10 = entryOf(
  {
    id: 'cifar-10',
    classes: 10,
    labelBytes: 1,
    labelKey: 'labels',
    namesKey: 'label_names',
  },
  'CIFAR-10: photographs of ten things, 32x32 in colour; the binary version or the Python batches.',
);

export const cifar100 = entryOf(
  {
    id: 'cifar-100',
    classes: 100,
    labelBytes: 2,
    labelKey: 'fine_labels',
    namesKey: 'fine_label_names',
  },
  'CIFAR-100: photographs of a hundred things, 32x32 in colour; the binary version or the Python batches.',
);
