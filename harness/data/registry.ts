/** What can be trained on: one line a data set. */
import { didYouMean } from '../user/did-you-mean.js';
import { UserError } from '../user/user-error.js';
import type { Dataset } from './dataset.js';
import type { DatasetEntry, LoadOptions } from './dataset-entry.js';
import { fashionMnist, fashionMnist10k } from './fashion-mnist.js';
import { imageFolder } from './folder/image-folder.js';
import { arrays } from './readers/arrays.js';
import { cifar10, cifar100 } from './readers/cifar.js';
import { idxFamily } from './readers/idx-family.js';
import { parquet } from './readers/parquet.js';
import { webDataset } from './readers/webdataset.js';
import { synthetic } from './synthetic.js';
import { requireUsable } from './usable.js';

/** Every data set that a suite may name. */
export const DATASETS: readonly DatasetEntry[] = [
  fashionMnist10k, //
  fashionMnist,
  ...idxFamily,
  cifar10,
  cifar100,
  imageFolder,
  arrays,
  webDataset,
  parquet,
  synthetic,
];

/** Throws UserError where no data set has this id. */
export const findDataset = (id: string): DatasetEntry => {
  const entry = DATASETS.find((dataset) => dataset.id === id);
  if (entry) return entry;
  const known = DATASETS.map((dataset) => dataset.id);
  throw new UserError(
    `Unknown data set "${id}".`,
    didYouMean(id, known, `Known data sets: ${known.join(', ')}.`),
  );
};

/** Throws UserError where the id is unknown, a file is missing or damaged, or a download fails. */
export const loadDataset = (id: string, options: LoadOptions = optionsFromEnvironment()): Promise<Dataset> =>
  findDataset(id).load(options).then(requireUsable);

/** As a suite or a command line names it: its files are at the path, where there is one, or where the environment says. */
export const loadDatasetAt = (
  id: string,
  path: string | undefined,
  options: Pick<LoadOptions, 'onProgress'> = {},
): Promise<Dataset> =>
  loadDataset(id, { ...optionsFromEnvironment(), ...options, ...(path === undefined ? {} : { path }) });

export const optionsFromEnvironment = (): LoadOptions => {
  const { LIGHTBENCH_DATA: dataFolder } = process.env;
  return dataFolder === undefined || dataFolder === '' ? {} : { dataFolder };
};
