/** MNIST and its kin in IDX files, gzipped or not: 28 x 28 grey pixels. */
import { join } from 'node:path';
import { elementCount } from '../../graph/shape.js';
import { UserError } from '../../user/user-error.js';
import type { DatasetEntry, LoadOptions } from '../dataset-entry.js';
import { readIdxImages } from '../idx.js';
import { datasetFrom, type LabelledImages } from '../labelled-images.js';
import { type Fetched, fetchDataset } from './fetched.js';
import { findFiles, notHere, placesOf, remedyOf } from './place.js';

interface Family {
  readonly id: string;
  readonly summary: string;
  readonly classes: readonly string[];
  /** Before `train-images-idx3-ubyte` and `test-` or `t10k-`. */
  readonly prefix?: string;
  readonly test: 't10k' | 'test';
  /** Of the first class in the label files. */
  readonly firstLabel?: number;
  readonly fetched?: Fetched;
}

const SHAPE = [1, 28, 28] as const;

const MOST_IMAGES = 1_000_000;

/** Of the training images, for validation. */
const VALIDATION_SHARE = 1 / 12;

const filesOf = ({ prefix = '', test }: Family): readonly (readonly string[])[] => {
  const names = ['train', test].flatMap((part) => [
    `${prefix}${part}-images-idx3-ubyte`,
    `${prefix}${part}-labels-idx1-ubyte`,
  ]);
  return [
    names.map((name) => `${name}.gz`),
    names,
    names.map((name) => name.replace(/-(idx\d-ubyte)$/, '.$1')),
  ];
};

const entryOf = (family: Family): DatasetEntry => {
  const { id, summary, classes, firstLabel = 0, fetched } = family;
  const find = (options: LoadOptions) => findFiles(placesOf(id, options), ['raw', 'gzip'], filesOf(family));
  return {
    id,
    summary,
    location: (options) => find(options)?.folder ?? null,
    remedy: remedyOf(id),
    ...(fetched === undefined ? {} : { download: (options: LoadOptions) => fetchDataset(fetched, options) }),
    load: async (options) => {
      const found = find(options);
      if (found === null) throw notHere(id, options, filesOf(family)[0] ?? []);
      const [trainImages = '', trainLabels = '', testImages = '', testLabels = ''] = found.files.map((file) =>
        join(found.folder, file),
      );
      const training = await readPart(trainImages, trainLabels, classes.length, firstLabel);
      const test = await readPart(testImages, testLabels, classes.length, firstLabel);
      const validationImages = Math.max(
        classes.length,
        Math.round(training.labels.length * VALIDATION_SHARE),
      );
      return datasetFrom({ id, classes, shape: SHAPE, training, test, validationImages });
    },
  };
};

const readPart = async (
  imageFile: string,
  labelFile: string,
  classes: number,
  firstLabel: number,
): Promise<LabelledImages> => {
  const most = { images: MOST_IMAGES, pixels: elementCount(SHAPE) };
  const { shape, images, labels } = await readIdxImages(imageFile, labelFile, most);
  const [, height, width] = shape;
  if (height !== SHAPE[1] || width !== SHAPE[2]) {
    throw new UserError(`${imageFile} holds images of ${height}x${width}, not 28x28.`, 'Download it again.');
  }
  const shifted = labels.map((label) => label - firstLabel);
  const odd = shifted.findIndex((label) => label >= classes);
  if (odd === -1) return { images, labels: shifted };
  throw new UserError(
    `${labelFile} gives image ${odd} the label ${labels[odd]}; there are ${classes} classes.`,
    'Download it again.',
  );
};

const MNIST: Fetched = {
  id: 'mnist',
  origin: 'https://ossci-datasets.s3.amazonaws.com/mnist',
  files: [
    {
      name: 'train-images-idx3-ubyte.gz',
      bytes: 9_912_422,
      sha256: '440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609',
    },
    {
      name: 'train-labels-idx1-ubyte.gz',
      bytes: 28_881,
      sha256: '3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c',
    },
    {
      name: 't10k-images-idx3-ubyte.gz',
      bytes: 1_648_877,
      sha256: '8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6',
    },
    {
      name: 't10k-labels-idx1-ubyte.gz',
      bytes: 4_542,
      sha256: 'f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6',
    },
  ],
};

const DIGITS = [...'0123456789'];
const UPPER = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
/** Lower-case letters that do not look like their capitals. */
const DISTINCT = [...'abdefghnqrt'];

const emnist = (part: string, what: string, classes: readonly string[], firstLabel = 0): DatasetEntry =>
  entryOf({
    id: `emnist-${part}`,
    summary: `EMNIST ${part}: ${what}, 28x28, lying on their side as distributed; from IDX files.`,
    classes,
    prefix: `emnist-${part}-`,
    test: 'test',
    firstLabel,
  });

export const idxFamily: readonly DatasetEntry[] = [
  entryOf({
    id: 'mnist',
    summary: 'MNIST: handwritten digits, 28x28; from IDX files.',
    classes: DIGITS,
    test: 't10k',
    fetched: MNIST,
  }),
  entryOf({
    id: 'kmnist',
    summary: 'Kuzushiji-MNIST: ten hiragana, 28x28; from IDX files.',
    classes: ['o', 'ki', 'su', 'tsu', 'na', 'ha', 'ma', 'ya', 're', 'wo'],
    test: 't10k',
  }),
  emnist('balanced', 'digits and letters', [...DIGITS, ...UPPER, ...DISTINCT]),
  emnist('letters', 'letters of either case', UPPER, 1),
  emnist('digits', 'digits', DIGITS),
];
