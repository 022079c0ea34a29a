/**
 * Tiny-ImageNet as it is distributed: `train/<class>/images/*.JPEG`, `val/images/*.JPEG` with their classes in `val/val_annotations.txt`,
 * and `test/images`, which have no labels and are passed over. The validation images are what is tested on.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../user/user-error.js';
import { linesOf } from './label-list.js';
import { type ImageLayout, readListedTest } from './layout.js';

const ANNOTATIONS = join('val', 'val_annotations.txt');

const REMEDY = 'Unpack tiny-imagenet-200.zip anew, and name the folder tiny-imagenet-200.';

export const tinyImageNetLayout: ImageLayout = {
  fits: async (folder) => existsSync(join(folder, ANNOTATIONS)),
  read: (folder) => {
    const list = join(folder, ANNOTATIONS);
    return readListedTest(folder, {
      inner: 'images',
      test: 'val/images',
      list,
      classesOf: () => annotationsIn(list),
      remedy: REMEDY,
    });
  },
};

const annotationsIn = async (list: string): Promise<ReadonlyMap<string, string>> =>
  new Map(
    (await linesOf(list, REMEDY)).map(({ text, number }) => {
      const [image, name] = text.split('\t');
      if (image !== undefined && name !== undefined) return [image, name];
      throw new UserError(
        `${list}, line ${number}: expected an image and its class, with a tab between them.`,
        REMEDY,
      );
    }),
  );
