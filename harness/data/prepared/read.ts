/** A prepared folder as a data set: only the rows of the region that is shown are read. */
import { createHash } from 'node:crypto';
import { createReadStream, openSync, read } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { cacheFolder, makeCacheFolder } from '../../files/cache-folder.js';
import { readRegularFile, requireFile } from '../../files/regular-file.js';
import { fileError } from '../../files/system-error.js';
import { UserError } from '../../user/user-error.js';
import {
  type Dataset,
  type Located,
  type ScaledSplit,
  SPLITS,
  type SplitName,
  type View,
} from '../dataset.js';
import type { OnDataProgress } from '../dataset-entry.js';
import type { CheckOptions } from '../folder/image-folder-hash.js';
import { shownRegion } from '../images/shown-region.js';
import type { Normalisation } from '../scaling/kernel.js';
import {
  contentHashOf,
  DESCRIPTION,
  decodeIndex,
  imagesFile,
  indexFile,
  type Prepared,
  type PreparedIndex,
  preparedSchema,
} from './format.js';

/** The name of the rule by which rows become pixels: to be changed whenever they become others. */
const DECODING = 'prepared-1';

/** What a data set of images has beside what its folder says. */
export interface Identity {
  readonly id: string;
  readonly normalisation: Normalisation;
}

/**
 * Throws UserError naming the file that is missing, damaged or of another format. That the images are those of the description is looked
 * at once, and again where the file system says that their file has changed, or where `thorough` asks for it.
 */
export const readPrepared = async (
  folder: string,
  { id, normalisation }: Identity,
  { onProgress = () => {}, thorough = false }: CheckOptions = {},
): Promise<Dataset> => {
  const description = await readDescription(folder);
  const indices = {} as Record<SplitName, PreparedIndex>;
  for (const name of SPLITS) indices[name] = await checkedIndex(folder, name, description);
  await requireImages(folder, description, onProgress, thorough);
  const splitOf = (name: SplitName): ScaledSplit => splitIn(imagesFile(folder, name), indices[name]);
  return {
    id,
    contentHash: description.contentHash,
    classes: description.classes,
    channels: 3,
    imageSize: null,
    decoding: DECODING,
    ...normalisation,
    splits: { train: splitOf('train'), validation: splitOf('validation'), test: splitOf('test') },
  };
};

const REMEDY = 'Make the folder anew with lightbench data prepare.';

const damaged = (file: string, how: string): UserError =>
  new UserError(`${file} is damaged: ${how}.`, REMEDY);

const MOST_DESCRIPTION_BYTES = 2 ** 26;

const readDescription = async (folder: string): Promise<Prepared> => {
  const file = join(folder, DESCRIPTION);
  const bytes = await readRegularFile(file, { most: MOST_DESCRIPTION_BYTES, remedy: REMEDY });
  const parsed = preparedSchema.safeParse(jsonOf(bytes));
  if (!parsed.success) throw damaged(file, 'it does not describe images of lightbench, version 1');
  if (contentHashOf(parsed.data) !== parsed.data.contentHash) {
    throw damaged(file, 'its content hash is not that of what it describes');
  }
  return parsed.data;
};

const jsonOf = (bytes: Buffer): unknown => {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return null;
  }
};

const checkedIndex = async (
  folder: string,
  split: SplitName,
  { splits, classes }: Prepared,
): Promise<PreparedIndex> => {
  const file = indexFile(folder, split);
  const bytes = await readRegularFile(file, { remedy: REMEDY });
  const { images, bytes: length, indexSha256 } = splits[split];
  if (createHash('sha256').update(bytes).digest('hex') !== indexSha256) {
    throw damaged(file, `its checksum is not that in ${DESCRIPTION}`);
  }
  const index = decodeIndex(bytes);
  if (index.count !== images || endOf(index, classes.length) !== length) {
    throw damaged(file, `it does not fit ${DESCRIPTION}`);
  }
  return index;
};

/** Where the last image ends; null where one does not follow the one before, has no pixels, or a label that is no class. */
const endOf = (index: PreparedIndex, classes: number): number | null => {
  let end = 0;
  for (let image = 0; image < index.count; image += 1) {
    const bytes = 3 * index.height(image) * index.width(image);
    if (index.offset(image) !== end || bytes === 0 || index.label(image) >= classes) return null;
    end += bytes;
  }
  return end;
};

const requireImages = async (
  folder: string,
  { splits, contentHash }: Prepared,
  onProgress: OnDataProgress,
  thorough: boolean,
): Promise<void> => {
  const state = createHash('sha256').update(`prepared ${contentHash}`);
  for (const name of SPLITS) {
    const file = imagesFile(folder, name);
    await requireFile(file, { remedy: REMEDY });
    const { size, mtimeNs, ctimeNs, ino } = await stat(file, { bigint: true });
    if (size !== BigInt(splits[name].bytes)) {
      throw damaged(file, `it has ${size} bytes, not ${splits[name].bytes}`);
    }
    state.update([file, size, mtimeNs, ctimeNs, ino].join());
  }
  const kept = join(cacheFolder(CACHE), state.digest('hex').slice(0, 32));
  if (!thorough && (await readFile(kept, 'utf8').catch(() => '')) === contentHash) return;
  const total = SPLITS.reduce((sum, name) => sum + splits[name].images, 0);
  let done = 0;
  for (const name of SPLITS) {
    const file = imagesFile(folder, name);
    const hash = createHash('sha256');
    await pipeline(createReadStream(file, { highWaterMark: 2 ** 20 }), hash).catch((error: unknown) => {
      throw fileError(error, { path: file, use: 'read', remedy: REMEDY });
    });
    if (hash.digest('hex') !== splits[name].imagesSha256) {
      throw damaged(file, `its checksum is not that in ${DESCRIPTION}`);
    }
    done += splits[name].images;
    onProgress({ kind: 'images', done, total });
  }
  await makeCacheFolder(CACHE)
    .then(() => writeFile(kept, contentHash))
    // Without a cache the next run takes longer, and no result differs.
    .catch(() => {});
};

const CACHE = 'image-folder';

const readAt = promisify(read);

const splitIn = (file: string, index: PreparedIndex): ScaledSplit => {
  let descriptor: number | null = null;
  const locate = (image: number, { crop }: View): Located => {
    const [width, height] = [index.width(image), index.height(image)];
    const box = shownRegion({ width, height }, crop);
    const [first, last] = [Math.floor(box.top), Math.min(Math.ceil(box.top + box.height), height)];
    const offset = index.offset(image) + 3 * width * first;
    return { offset, width, height: last - first, box: { ...box, top: box.top - first } };
  };
  return {
    labels: index.labels,
    count: index.count,
    show: async (image, view) => {
      const { offset, width, height, box } = locate(image, view);
      const bytes = Buffer.allocUnsafe(3 * width * height);
      try {
        descriptor ??= openSync(file, 'r');
        const { bytesRead } = await readAt(descriptor, bytes, 0, bytes.length, offset);
        if (bytesRead < bytes.length) throw damaged(file, `it ends before image ${image}`);
      } catch (error) {
        throw fileError(error, { path: file, use: 'read', remedy: REMEDY });
      }
      return { pixels: { bytes, width, height }, box };
    },
    located: { file, locate },
  };
};
