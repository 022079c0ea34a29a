/**
 * Fashion-MNIST (Xiao et al. 2017, arXiv:1708.07747): 28x28 grey images of ten kinds of clothing; 60,000 to train, 10,000 to test.
 * The package ships the first 1,000 training images of each class, and all test images.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../files/cache-folder.js';
import { elementCount } from '../graph/shape.js';
import { packageRoot } from '../package/package-root.js';
import { UserError } from '../user/user-error.js';
import type { Dataset } from './dataset.js';
import type { DatasetEntry, LoadOptions } from './dataset-entry.js';
import { type Download, downloadFiles } from './download.js';
import { readIdxImages } from './idx.js';
import { datasetFrom, type LabelledImages } from './labelled-images.js';

export const CLASSES = [
  'T-shirt/top',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
] as const;

const SHAPE = [1, 28, 28] as const;

interface Part {
  readonly images: string;
  readonly labels: string;
  readonly count: number;
  /** SHA-256 of images and labels, unzipped, without their headers. */
  readonly sha256: string;
}

const TEST: Part = {
  images: 't10k-images-idx3-ubyte.gz',
  labels: 't10k-labels-idx1-ubyte.gz',
  count: 10_000,
  sha256: '9f1ec356a747bfe4ebab3cfb722d3694c9ca737e2570f6f90cf31d7b6fd689d4',
};

const TRAIN: Part = {
  images: 'train-images-idx3-ubyte.gz',
  labels: 'train-labels-idx1-ubyte.gz',
  count: 60_000,
  sha256: '16d82e2b505296aa2b78bd5ea0992634f30419a4c97def7c907d154a35ac6157',
};

const TRAIN_10K: Part = {
  images: 'train-10k-images-idx3-ubyte.gz',
  labels: 'train-10k-labels-idx1-ubyte.gz',
  count: 10_000,
  sha256: '73194a0c06a93deab58b95e00e618cc5c80fb5c9a84df26bbc429eeb3507846a',
};

/** The distributed files, as they are compressed there. */
const DOWNLOADS: readonly Download[] = [
  {
    name: TRAIN.images,
    bytes: 26_421_880,
    sha256: '3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84',
  },
  {
    name: TRAIN.labels,
    bytes: 29_515,
    sha256: 'a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845',
  },
  {
    name: TEST.images,
    bytes: 4_422_102,
    sha256: '346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073',
  },
  {
    name: TEST.labels,
    bytes: 5_148,
    sha256: '67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5',
  },
];

/** The authors' repository. */
const ORIGIN =
  'https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/b2617bb6d3ffa2e429640350f613e3291e10b141/data/fashion';

/** Where Debian's package dataset-fashion-mnist puts the files. */
const DEBIAN_FOLDER = '/usr/share/datasets/fashion-mnist';

const shippedFolder = (): string => join(packageRoot(), 'data', 'fashion-mnist');

export const fashionMnist10k: DatasetEntry = {
  id: 'fashion-mnist-10k',
  summary:
    'Fashion-MNIST, 10,000 balanced training images and all 10,000 test images; shipped with the package.',
  location: shippedFolder,
  load: () => load('fashion-mnist-10k', shippedFolder(), TRAIN_10K, 1_000),
};

export const fashionMnist: DatasetEntry = {
  id: 'fashion-mnist',
  summary: 'Fashion-MNIST, all 60,000 training and 10,000 test images; from a folder, or downloaded (30 MB).',
  location: (options) => folders(options).find(holdsAll) ?? null,
  remedy: 'It is downloaded at its first use, or put its files into a folder named by LIGHTBENCH_DATA.',
  load: async (options) => {
    const folder = folders(options).find(holdsAll) ?? (await downloadFashionMnist(options));
    return load('fashion-mnist', folder, TRAIN, 5_000);
  },
  download: (options) => downloadFashionMnist(options),
};

const folders = ({ dataFolder }: LoadOptions): readonly string[] => [
  ...(dataFolder === undefined ? [] : [dataFolder, join(dataFolder, 'fashion-mnist')]),
  cacheFolder('fashion-mnist'),
  DEBIAN_FOLDER,
];

const holdsAll = (folder: string): boolean => DOWNLOADS.every(({ name }) => existsSync(join(folder, name)));

/** Throws UserError with the remedies where a file cannot be had. */
export const downloadFashionMnist = async ({
  onProgress = () => {},
  origin = ORIGIN,
}: LoadOptions): Promise<string> => {
  const folder = cacheFolder('fashion-mnist');
  await downloadFiles(
    DOWNLOADS,
    folder,
    origin,
    (progress) => onProgress({ kind: 'download', ...progress }),
    (file, reason) =>
      new UserError(
        `Fashion-MNIST is not on this machine, and ${file} could not be downloaded: ${reason}.`,
        `Put its four .gz files into ${folder} (or into the folder that LIGHTBENCH_DATA names), install Debian's package dataset-fashion-mnist, or use the data set fashion-mnist-10k, which comes with lightbench.`,
      ),
  );
  return folder;
};

const load = async (id: string, folder: string, train: Part, validationImages: number): Promise<Dataset> => {
  const [training, test] = await Promise.all([readPart(folder, train), readPart(folder, TEST)]);
  return datasetFrom({ id, classes: CLASSES, shape: SHAPE, training, test, validationImages });
};

const readPart = async (folder: string, part: Part): Promise<LabelledImages> => {
  const [imageFile, labelFile] = [join(folder, part.images), join(folder, part.labels)];
  const most = { images: part.count, pixels: elementCount(SHAPE) };
  const { images, labels } = await readIdxImages(imageFile, labelFile, most);
  const sha256 = createHash('sha256').update(images).update(labels).digest('hex');
  if (sha256 !== part.sha256) {
    throw new UserError(
      `${imageFile} and ${labelFile} do not hold the images of Fashion-MNIST (SHA-256 ${sha256.slice(0, 12)}, expected ${part.sha256.slice(0, 12)}).`,
      'Delete them and download them again.',
    );
  }
  return { images, labels };
};
