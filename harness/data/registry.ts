/** What can be trained on: one line a data set. */
import { UserError } from '../user-error.js';
import type { Dataset } from './dataset.js';
import type { OnDownload } from './download.js';
import { fashionMnist, fashionMnist10k } from './fashion-mnist.js';
import { imageFolder } from './image-folder.js';
import { synthetic } from './synthetic.js';

export interface LoadOptions {
  /** A folder with the data set's files; LIGHTBENCH_DATA on the command line. */
  readonly dataFolder?: string;
  readonly onProgress?: OnDownload;
  /** Another server with the same files. */
  readonly origin?: string;
}

export interface DatasetEntry {
  readonly id: string;
  readonly summary: string;
  /** Where the data set is, or null where it is not on this machine. */
  readonly location: (options: LoadOptions) => string | null;
  /** How it gets here, where it may be missing. */
  readonly remedy?: string;
  readonly load: (options: LoadOptions) => Promise<Dataset>;
}

export const DATASETS: readonly DatasetEntry[] = [
  fashionMnist10k, //
  fashionMnist,
  imageFolder,
  synthetic,
];

/** Throws UserError where no data set has this id. */
export const findDataset = (id: string): DatasetEntry => {
  const entry = DATASETS.find((dataset) => dataset.id === id);
  if (entry) return entry;
  throw new UserError(
    `There is no data set "${id}".`,
    `Known data sets: ${DATASETS.map((dataset) => dataset.id).join(', ')}.`,
  );
};

/** Throws UserError where the id is unknown, a file is missing or damaged, or a download fails. */
export const loadDataset = (id: string, options: LoadOptions = optionsFromEnvironment()): Promise<Dataset> =>
  findDataset(id).load(options);

export const optionsFromEnvironment = (): LoadOptions => {
  const { LIGHTBENCH_DATA: dataFolder } = process.env;
  return dataFolder === undefined || dataFolder === '' ? {} : { dataFolder };
};
