/**
 * A folder of images in ImageNet's layout: `train/<class>/*` and `test/<class>/*`, or `val/<class>/*` where there is no such `test`.
 * Images are decoded when they are needed. A twentieth of each class's training images, and at least one, is held out for validation.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../user-error.js';
import type { Dataset, Split } from './dataset.js';
import { heldOut } from './held-out.js';
import { contentHashOf } from './image-folder-hash.js';
import { LAYOUT, type LabelledFiles, readImageFolder } from './image-folder-layout.js';
import type { DatasetEntry, LoadOptions } from './registry.js';

const ID = 'image-folder';

const REMEDY = `Name it by LIGHTBENCH_DATA. ${LAYOUT}`;

const VALIDATION_SHARE = 0.05;

/** Of ImageNet's training images; usual for photographs, and used whatever the folder holds. */
const STATISTICS = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] } as const;

export const imageFolder: DatasetEntry = {
  id: ID,
  summary: 'Images of your own, or ImageNet: a folder with train/<class>/ and val/<class>/ or test/<class>/.',
  location: (options) => folders(options).find(hasTrain) ?? null,
  remedy: REMEDY,
  load: async (options) => {
    const folder = folders(options).find(hasTrain);
    if (folder === undefined) throw new UserError(whatIsMissing(options), REMEDY);
    return load(folder);
  },
};

const folders = ({ dataFolder }: LoadOptions): readonly string[] =>
  dataFolder === undefined ? [] : [dataFolder, join(dataFolder, ID)];

const hasTrain = (folder: string): boolean => existsSync(join(folder, 'train'));

const whatIsMissing = ({ dataFolder }: LoadOptions): string =>
  dataFolder === undefined
    ? `The data set ${ID} needs a folder, and none is named.`
    : `${dataFolder} is no folder of images: it has no train.`;

const load = async (folder: string): Promise<Dataset> => {
  const { classes, train, test } = await readImageFolder(folder);
  const { kept, held } = heldOut(train.labels, classes.length, (members) =>
    Math.max(1, Math.round(members * VALIDATION_SHARE)),
  );
  const parts = { train: pick(train, kept), validation: pick(train, held), test };
  const { decode } = await import('./decode.js');
  const splitOf = ({ files, labels }: LabelledFiles): Split => ({
    labels,
    count: labels.length,
    read: (index, view) => decode(join(folder, files[index] ?? ''), view),
  });
  return {
    id: ID,
    contentHash: await contentHashOf(folder, parts),
    classes,
    channels: 3,
    imageSize: null,
    ...STATISTICS,
    splits: {
      train: splitOf(parts.train),
      validation: splitOf(parts.validation),
      test: splitOf(parts.test),
    },
  };
};

const pick = ({ files, labels }: LabelledFiles, indices: Uint32Array): LabelledFiles => ({
  files: Array.from(indices, (index) => files[index] ?? ''),
  labels: Uint16Array.from(indices, (index) => labels[index] ?? 0),
});
