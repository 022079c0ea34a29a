/** What lies in a folder of images: classes by their folders' names, and the files of each. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import pMap from 'p-map';
import { UserError } from '../user-error.js';

/** Files below the folder, `train/cat/1.jpg`, by class and then by name, and the class of each. */
export interface LabelledFiles {
  readonly files: readonly string[];
  readonly labels: Uint16Array;
}

export interface ImageFolder {
  readonly classes: readonly string[];
  readonly train: LabelledFiles;
  readonly test: LabelledFiles;
}

export const LAYOUT =
  'A folder of images has train/<class>/ and val/<class>/ or test/<class>/, with jpg, png or webp files.';

/**
 * Throws UserError where the folder has another layout, a class lacks images (two to train, one to test), or a file is no image by its
 * name. Names that begin with a dot are passed over.
 */
export const readImageFolder = async (folder: string): Promise<ImageFolder> => {
  const train = await readClasses(folder, 'train');
  const test = await readClasses(folder, await testPart(folder));
  requireClasses(train, test);
  requireClasses(test, train);
  requireImages(train, 2, 'one to train and one to validate');
  requireImages(test, 1, 'to test');
  return { classes: [...train.files.keys()], train: labelled(train), test: labelled(test) };
};

/** One split's folder: the files of each class. */
interface Classes {
  readonly place: string;
  readonly files: ReadonlyMap<string, readonly string[]>;
}

/** ImageNet's own `test` has no labels, and so no folders: then `val` is what is tested on. */
const testPart = async (folder: string): Promise<'test' | 'val'> =>
  (await foldersIn(join(folder, 'test'))).length > 0 ? 'test' : 'val';

const readClasses = async (folder: string, part: string): Promise<Classes> => {
  const place = join(folder, part);
  const names = await foldersIn(place);
  if (names.length === 0) throw new UserError(`${place} holds no folders of classes.`, LAYOUT);
  const files = await pMap(
    names,
    async (name) => (await imagesIn(join(place, name))).map((file) => `${part}/${name}/${file}`),
    { concurrency: FOLDERS_AT_A_TIME },
  );
  return { place, files: new Map(names.map((name, index) => [name, files[index] ?? []])) };
};

const FOLDERS_AT_A_TIME = 16;

const foldersIn = async (place: string): Promise<readonly string[]> => {
  const entries = await readdir(place, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
    .map(({ name }) => name)
    .filter((name) => !name.startsWith('.'))
    .sort();
};

const IMAGE = /\.(jpe?g|png|webp)$/i;

const imagesIn = async (place: string): Promise<readonly string[]> => {
  const names = (await readdir(place)).filter((name) => !name.startsWith('.')).sort();
  const stranger = names.find((name) => !IMAGE.test(name));
  if (stranger === undefined) return names;
  throw new UserError(
    `${join(place, stranger)} is no image by its name.`,
    'Move it away: the folder of a class holds jpg, png or webp files.',
  );
};

const requireClasses = ({ place, files }: Classes, others: Classes): void => {
  const missing = [...files.keys()].filter((name) => !others.files.has(name));
  if (missing.length === 0) return;
  const named =
    missing.slice(0, 3).join(', ') + (missing.length > 3 ? ` and ${missing.length - 3} more` : '');
  throw new UserError(
    `${others.place} lacks classes that ${place} has: ${named}.`,
    'Both need a folder of the same name for every class.',
  );
};

const requireImages = ({ place, files }: Classes, least: number, why: string): void => {
  for (const [name, { length }] of files) {
    if (length >= least) continue;
    throw new UserError(
      `The class ${name} has ${length} images in ${place}.`,
      `It needs at least ${least}, ${why}: add images, or remove the class from train and test.`,
    );
  }
};

const labelled = ({ files }: Classes): LabelledFiles => ({
  files: [...files.values()].flat(),
  labels: Uint16Array.from([...files.values()].flatMap((members, label) => members.map(() => label))),
});
