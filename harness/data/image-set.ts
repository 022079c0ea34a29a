/**
 * Encoded images of sizes of their own as a data set, wherever they lie. They are decoded when they are needed. Where nobody has set images
 * aside for validation, a twentieth of each class's training images, and at least one, is held out.
 */
import type { Dataset, ScaledSplit, SplitName } from './dataset.js';
import { type CheckedFolder, type CheckOptions, checkImages } from './folder/image-folder-hash.js';
import { heldOut } from './held-out.js';
import type { ImageSource, LabelledFiles } from './image-source.js';
import type { ImageFiles } from './images/image-files.js';

const VALIDATION_SHARE = 0.05;

/** Of ImageNet's training images; usual for photographs, and used whatever the images are. */
export const STATISTICS = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] } as const;

/** What a source of images holds, checked. */
export interface OpenedImages extends CheckedFolder {
  readonly files: ImageFiles;
  readonly classes: readonly string[];
  readonly parts: Readonly<Record<SplitName, LabelledFiles>>;
}

/** Throws UserError where a file is no whole image. */
export const openImages = async (source: ImageSource, options: CheckOptions = {}): Promise<OpenedImages> => {
  const { files, classes } = source;
  const parts = partsOf(source);
  return { files, classes, parts, ...(await checkImages(files, parts, options)) };
};

/** The same as a data set. */
export const imageDataset = async (
  id: string,
  source: ImageSource,
  options: CheckOptions = {},
): Promise<Dataset> => {
  const { files, classes, parts, contentHash, sizes } = await openImages(source, options);
  const { DECODING, decode } = await import('./images/decode.js');
  const splitOf = (name: SplitName): ScaledSplit => {
    const { files: names, labels } = parts[name];
    return {
      labels,
      count: labels.length,
      show: (index, view) => {
        const [width = 0, height = 0] = sizes[name].subarray(2 * index);
        return decode(files, names[index] ?? '', { width, height }, view);
      },
    };
  };
  return {
    id,
    contentHash,
    classes,
    channels: 3,
    imageSize: null,
    decoding: DECODING,
    ...STATISTICS,
    splits: {
      train: splitOf('train'),
      validation: splitOf('validation'),
      test: splitOf('test'),
    },
  };
};

const partsOf = ({ train, validation, test, classes }: ImageSource): OpenedImages['parts'] => {
  if (validation !== null) return { train, validation, test };
  const { kept, held } = heldOut(train.labels, classes.length, (members) =>
    Math.max(1, Math.round(members * VALIDATION_SHARE)),
  );
  return { train: pick(train, kept), validation: pick(train, held), test };
};

const pick = ({ files, labels }: LabelledFiles, indices: Uint32Array): LabelledFiles => ({
  files: Array.from(indices, (index) => files[index] ?? ''),
  labels: Uint16Array.from(indices, (index) => labels[index] ?? 0),
});
