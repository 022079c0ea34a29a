/**
 * ImageNet as it is distributed: `train/<class>/*`, and `val/*` without folders of classes, whose labels are in a list beside them. The
 * lists that are about: a class a line in the order of the images (TensorFlow's imagenet_2012_validation_synset_labels.txt); image and
 * class, or the position of the class among the sorted ones (Caffe's val.txt); Kaggle's LOC_val_solution.csv; and the devkit's
 * ILSVRC2012_validation_ground_truth.txt, whose numbers count the classes of map_clsloc.txt.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../user/user-error.js';
import { foldersIn } from '../folder/image-folder-layout.js';
import { linesOf } from './label-list.js';
import { type ImageLayout, readListedTest } from './layout.js';

const LISTS = [
  'imagenet_2012_validation_synset_labels.txt',
  'LOC_val_solution.csv',
  'ILSVRC2012_validation_ground_truth.txt',
  'val.txt',
] as const;

const DEVKIT_CLASSES = 'map_clsloc.txt';

const REMEDY = `Put the list of labels beside train and val: ${LISTS.join(', ')}.`;

const listIn = (folder: string): string | undefined =>
  LISTS.flatMap((name) => [join(folder, name), join(folder, 'val', name)]).find((file) => existsSync(file));

export const flatValidationLayout: ImageLayout = {
  fits: async (folder) => listIn(folder) !== undefined && (await foldersIn(join(folder, 'val'))).length === 0,
  read: (folder) => {
    const list = listIn(folder) ?? '';
    return readListedTest(folder, {
      test: 'val',
      except: LISTS,
      list,
      classesOf: (images, classes) => readList(list, images, classes, folder),
      remedy: REMEDY,
    });
  },
};

const readList = async (
  list: string,
  images: readonly string[],
  classes: readonly string[],
  folder: string,
): Promise<ReadonlyMap<string, string>> => {
  const lines = await linesOf(list, REMEDY);
  if (list.endsWith('.csv')) {
    const fileOf = new Map(images.toReversed().map((name) => [name.replace(/\.[^.]*$/, ''), name]));
    return new Map(
      lines.slice(1).map(({ text }) => {
        const [image = '', prediction = ''] = text.split(',');
        return [fileOf.get(image) ?? image, prediction.split(' ')[0] ?? ''];
      }),
    );
  }
  if (lines.every(({ text }) => /\s/.test(text))) {
    return new Map(
      lines.map(({ text }) => {
        const [image = '', label = ''] = text.split(/\s+/);
        return [image, classes.includes(label) ? label : (classes[Number(label)] ?? label)];
      }),
    );
  }
  if (lines.length !== images.length) {
    throw new UserError(
      `${list} has ${lines.length} labels, and ${join(folder, 'val')} ${images.length} images.`,
      'Restore both from the distributed archive.',
    );
  }
  const isNumbered = lines.every(({ text }) => /^\d+$/.test(text)) && !classes.includes(lines[0]?.text ?? '');
  const named = isNumbered ? await devkitClasses(folder) : null;
  return new Map(
    images.map((image, index) => {
      const text = lines[index]?.text ?? '';
      return [image, named === null ? text : (named.get(text) ?? text)];
    }),
  );
};

/** Classes by their numbers in the devkit, which are not in the order of their names. */
const devkitClasses = async (folder: string): Promise<ReadonlyMap<string, string>> => {
  const file = join(folder, DEVKIT_CLASSES);
  const remedy = `Put ${DEVKIT_CLASSES} of the devkit, a line \`n02119789 1 kit_fox\` for each class, beside train and val.`;
  const lines = await linesOf(file, remedy);
  return new Map(
    lines.map(({ text }) => {
      const [name = '', number = ''] = text.split(/\s+/);
      return [number, name];
    }),
  );
};
