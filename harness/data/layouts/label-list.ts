/** Lists of labels as data sets bring them: a text file of some megabytes at most. */
import { join } from 'node:path';
import { readRegularFile } from '../../files/regular-file.js';
import { UserError } from '../../user/user-error.js';

const MOST_BYTES = 2 ** 26;

/** The lines of a text file that are not empty, with their numbers from 1. Throws UserError where it cannot be read. */
export const linesOf = async (
  file: string,
  remedy: string,
): Promise<readonly { readonly text: string; readonly number: number }[]> => {
  const text = (await readRegularFile(file, { most: MOST_BYTES, remedy })).toString('utf8');
  return text
    .split(/\r?\n/)
    .map((line, index) => ({ text: line.trim(), number: index + 1 }))
    .filter(({ text: line }) => line !== '');
};

/**
 * The labels of images in a folder, from the class of each by the image's name. Throws UserError where an image has none, or a class is
 * unknown.
 */
export const labelsFor = (
  folder: string,
  images: readonly string[],
  classOf: ReadonlyMap<string, string>,
  classes: readonly string[],
  list: string,
): Uint16Array => {
  const label = new Map(classes.map((name, index) => [name, index]));
  return Uint16Array.from(images, (image) => {
    const name = classOf.get(image);
    if (name === undefined) {
      throw new UserError(
        `${list} has no label for ${join(folder, image)}.`,
        'Restore both from the distributed archive.',
      );
    }
    const index = label.get(name);
    if (index !== undefined) return index;
    throw new UserError(
      `${list} gives ${image} the class ${name}, which has no training images.`,
      'Restore both from the distributed archive.',
    );
  });
};
