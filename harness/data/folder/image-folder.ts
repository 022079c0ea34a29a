/**
 * A folder of images in ImageNet's layout: `train/<class>/*` and `test/<class>/*`, or `val/<class>/*` where there is no such `test`; in
 * one of the other layouts; or a folder that `lightbench data prepare` made of one.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../user/user-error.js';
import type { Dataset } from '../dataset.js';
import type { DatasetEntry, LoadOptions } from '../dataset-entry.js';
import { imageDataset, STATISTICS } from '../image-set.js';
import type { ImageSource } from '../image-source.js';
import { flatValidationLayout } from '../layouts/flat-validation.js';
import type { ImageLayout } from '../layouts/layout.js';
import { tinyImageNetLayout } from '../layouts/tiny-imagenet.js';
import { DESCRIPTION } from '../prepared/format.js';
import type { CheckOptions } from './image-folder-hash.js';
import { LAYOUT, readImageFolder } from './image-folder-layout.js';

const ID = 'image-folder';

const REMEDY = `Set LIGHTBENCH_DATA to the folder. ${LAYOUT}`;

export const imageFolder: DatasetEntry = {
  id: ID,
  summary: 'Your own images, or ImageNet: a folder with train/<class>/ and val/<class>/ or test/<class>/.',
  location: (options) => folders(options).find(isImageFolder) ?? null,
  remedy: REMEDY,
  load: async (options) => {
    const folder = folders(options).find(isImageFolder);
    if (folder === undefined) throw new UserError(whatIsMissing(options), REMEDY);
    return loadImageFolder(folder, options);
  },
};

const folders = ({ path, dataFolder }: LoadOptions): readonly string[] => [
  ...(path === undefined ? [] : [path]),
  ...(dataFolder === undefined ? [] : [dataFolder, join(dataFolder, ID)]),
];

const isPrepared = (folder: string): boolean => existsSync(join(folder, DESCRIPTION));

const isImageFolder = (folder: string): boolean => existsSync(join(folder, 'train')) || isPrepared(folder);

const whatIsMissing = ({ path, dataFolder }: LoadOptions): string => {
  const folder = path ?? dataFolder;
  return folder === undefined
    ? `The data set ${ID} needs a folder, but LIGHTBENCH_DATA is not set.`
    : `${folder} is not a folder of images: it has no subfolder train.`;
};

/** The folder as a data set. Throws UserError naming what is missing or damaged. */
export const loadImageFolder = async (folder: string, options: CheckOptions = {}): Promise<Dataset> => {
  if (isPrepared(folder)) {
    const { readPrepared } = await import('../prepared/read.js');
    return readPrepared(folder, { id: ID, normalisation: STATISTICS }, options);
  }
  return imageDataset(ID, await sourceOf(folder), options);
};

/** The images of a folder, in whichever of the known layouts. Throws UserError where it has none of them. */
export const sourceOf = async (folder: string): Promise<ImageSource> => {
  for (const { fits, read } of LAYOUTS) if (await fits(folder)) return read(folder);
  return readImageFolder(folder);
};

/** Those that are told by what only they have: one line each. */
const LAYOUTS: readonly ImageLayout[] = [
  tinyImageNetLayout, //
  flatValidationLayout,
];
