import { join } from 'node:path';
import { UserError } from '../../user/user-error.js';
import { foldersIn, imagesIn } from '../folder/image-folder-layout.js';
import type { ImageSource } from '../image-source.js';
import { filesIn } from '../images/image-files.js';
import { labelsFor } from './label-list.js';

/** One way in which folders of images are distributed. */
export interface ImageLayout {
  /** Whether a folder has it, by what no other layout has. */
  readonly fits: (folder: string) => Promise<boolean>;
  /** Throws UserError naming what is missing or wrong. */
  readonly read: (folder: string) => Promise<ImageSource>;
}

/** Training images in `train/<class>`, and images to test on in one folder, with their classes in a list. */
export interface ListedTest {
  /** Where the images of a class lie in its folder. */
  readonly inner?: string;
  readonly test: string;
  /** Files among the images to test on that are none. */
  readonly except?: readonly string[];
  readonly list: string;
  /** The class of each image to test on. */
  readonly classesOf: (
    images: readonly string[],
    classes: readonly string[],
  ) => Promise<ReadonlyMap<string, string>>;
  readonly remedy: string;
}

/** Throws UserError where there are no class folders, or an image to test on has no class. */
export const readListedTest = async (
  folder: string,
  { inner, test, except = [], list, classesOf, remedy }: ListedTest,
): Promise<ImageSource> => {
  const classes = await foldersIn(join(folder, 'train'));
  if (classes.length < 2) throw new UserError(`${join(folder, 'train')} has no class folders.`, remedy);
  const train = await Promise.all(
    classes.map(async (name) => {
      const members = ['train', name, ...(inner === undefined ? [] : [inner])];
      return (await imagesIn(join(folder, ...members))).map((file) => [...members, file].join('/'));
    }),
  );
  const images = await imagesIn(join(folder, test), except);
  const classOf = await classesOf(images, classes);
  return {
    files: filesIn(folder),
    classes,
    train: {
      files: train.flat(),
      labels: Uint16Array.from(train.flatMap((members, label) => members.map(() => label))),
    },
    validation: null,
    test: {
      files: images.map((file) => `${test}/${file}`),
      labels: labelsFor(join(folder, test), images, classOf, classes, list),
    },
  };
};
