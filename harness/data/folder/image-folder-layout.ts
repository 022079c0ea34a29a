/** What lies in a folder of images: classes by their folders' names, and the files of each. */
import { isUtf8 } from 'node:buffer';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import pMap from 'p-map';
import { fileError, systemCode } from '../../files/system-error.js';
import { UserError } from '../../user/user-error.js';
import type { ImageSource, LabelledFiles } from '../image-source.js';
import { filesIn } from '../images/image-files.js';

export const LAYOUT =
  'The folder must contain train/<class>/, and val/<class>/ or test/<class>/, with jpg, png, webp, tif, gif or bmp files.';

/**
 * Throws UserError where the folder has another layout or cannot be read, has one class, a class lacks images (two to train, one to
 * test; with both `val` and `test`, `val` validates), or a file is no image by its name. Names that begin with a dot are passed over.
 */
export const readImageFolder = async (folder: string): Promise<ImageSource> => {
  const train = await readClasses(folder, 'train');
  const part = await testPart(folder);
  const test = await readClasses(folder, part);
  const hasOwn = part === 'test' && (await foldersIn(join(folder, 'val'))).length > 0;
  const validation = hasOwn ? await readClasses(folder, 'val') : null;
  requireCount(train);
  for (const other of validation === null ? [test] : [test, validation]) {
    requireClasses(train, other);
    requireClasses(other, train);
  }
  if (validation === null) requireImages(train, 2, 'one to train and one to validate');
  else requireImages(validation, 1, 'to validate');
  requireImages(train, 1, 'to train');
  requireImages(test, 1, 'to test');
  return {
    files: filesIn(folder),
    classes: [...train.files.keys()],
    train: labelled(train),
    validation: validation === null ? null : labelled(validation),
    test: labelled(test),
  };
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
  if (names.length === 0) throw new UserError(`${place} contains no class folders.`, LAYOUT);
  const files = await pMap(
    names,
    async (name) => (await imagesIn(join(place, name))).map((file) => `${part}/${name}/${file}`),
    { concurrency: FOLDERS_AT_A_TIME },
  );
  return { place, files: new Map(names.map((name, index) => [name, files[index] ?? []])) };
};

const FOLDERS_AT_A_TIME = 16;

/** None where there is no such place. */
export const foldersIn = async (place: string): Promise<readonly string[]> => {
  const entries = await readdir(place, { withFileTypes: true, encoding: 'buffer' }).catch(
    (error: unknown) => {
      if (systemCode(error) === 'ENOENT') return [];
      throw fileError(error, { path: place, use: 'read', remedy: LAYOUT });
    },
  );
  return shown(
    place,
    entries.filter((entry) => entry.isDirectory() || entry.isSymbolicLink()).map(({ name }) => name),
  );
};

/** By the end of its name. */
export const IMAGE = /\.(jpe?g|png|webp|tiff?|gif|bmp)$/i;

/** But for the names `besides`. Throws UserError where anything else lies there. */
export const imagesIn = async (
  place: string,
  besides: readonly string[] = [],
): Promise<readonly string[]> => {
  const entries = await readdir(place, { encoding: 'buffer' }).catch((error: unknown) => {
    throw fileError(error, { path: place, use: 'read', remedy: LAYOUT });
  });
  const names = shown(place, entries).filter((name) => !besides.includes(name));
  const stranger = names.find((name) => !IMAGE.test(name));
  if (stranger === undefined) return names;
  throw new UserError(
    `${join(place, stranger)} has no image extension.`,
    'Move it elsewhere: class folders may only contain jpg, png, webp, tif, gif or bmp files.',
  );
};

/** Those that are not hidden, sorted. A name that is no text could not be opened by what is read of it. */
const shown = (place: string, entries: readonly Buffer[]): readonly string[] => {
  const garbled = entries.find((name) => !isUtf8(name));
  if (garbled !== undefined) {
    throw new UserError(
      `${join(place, garbled.toString('latin1'))} has a name that is not UTF-8.`,
      'Rename it; rename a class in train and test alike.',
    );
  }
  return entries
    .map((name) => name.toString())
    .filter((name) => !name.startsWith('.'))
    .sort();
};

/** Labels are numbers of 16 bits. */
const MOST_CLASSES = 2 ** 16;

const requireCount = ({ place, files: { size } }: Classes): void => {
  if (size >= 2 && size <= MOST_CLASSES) return;
  throw new UserError(
    size === 1 ? `${place} has only one class.` : `${place} has ${size} classes.`,
    `Provide 2 to ${MOST_CLASSES} classes, one folder each.`,
  );
};

const requireClasses = ({ place, files }: Classes, others: Classes): void => {
  const missing = [...files.keys()].filter((name) => !others.files.has(name));
  if (missing.length === 0) return;
  const named =
    missing.slice(0, 3).join(', ') + (missing.length > 3 ? ` and ${missing.length - 3} more` : '');
  throw new UserError(
    `${others.place} is missing classes of ${place}: ${named}.`,
    'Both need a folder with the same name for every class.',
  );
};

const requireImages = ({ place, files }: Classes, least: number, why: string): void => {
  for (const [name, { length }] of files) {
    if (length >= least) continue;
    throw new UserError(
      `The class ${name} has too few images in ${place}: ${length}.`,
      `It needs at least ${least}, ${why}: add images, or remove the class from train and test.`,
    );
  }
};

const labelled = ({ files }: Classes): LabelledFiles => ({
  files: [...files.values()].flat(),
  labels: Uint16Array.from([...files.values()].flatMap((members, label) => members.map(() => label))),
});
