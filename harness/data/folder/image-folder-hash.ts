/**
 * The content hash of a folder of images, SHA-256 over the splits, and every file's path and content; and the size of every image. All
 * bytes are read for it, and so every image is decoded then, once. ImageNet takes as long as reading and decoding its 140 GB; so both are
 * kept in the cache under what the file system says of every file (size, times of change of content and of state, inode), and worked out anew when any of it
 * differs. A file altered behind the file system's back goes unnoticed.
 */
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pMap from 'p-map';
import { cacheFolder, makeCacheFolder } from '../../files/cache-folder.js';
import { UserError } from '../../user/user-error.js';
import { SPLITS, type SplitName } from '../dataset.js';
import type { OnDataProgress } from '../dataset-entry.js';
import type { LabelledFiles } from '../image-source.js';
import type { ImageFiles } from '../images/image-files.js';

type Parts = Readonly<Record<SplitName, LabelledFiles>>;

export interface CheckOptions {
  readonly onProgress?: OnDataProgress;
  /** Whether every file is read and decoded, whatever is known of it. */
  readonly thorough?: boolean;
}

/** What is known of a folder once all its images were decoded. */
export interface CheckedFolder {
  readonly contentHash: string;
  /** Width and height of every image, in the order of its split. */
  readonly sizes: Sizes;
}

type Sizes = Readonly<Record<SplitName, Uint32Array>>;

/** Throws UserError naming files that cannot be read, or are not whole images; that is looked at only when the hash is worked out. */
export const checkImages = async (
  images: ImageFiles,
  parts: Parts,
  { onProgress = () => {}, thorough = false }: CheckOptions = {},
): Promise<CheckedFolder> => {
  const state = await hashOver(parts, images.stateOf);
  const kept = join(
    cacheFolder(CACHE),
    createHash('sha256').update(CHECKS).update(images.place).update(state).digest('hex').slice(0, 32),
  );
  const known = thorough ? null : decodeKept(await readFile(kept).catch(() => Buffer.alloc(0)), parts);
  if (known !== null) return known;
  const checked = await readAll(images, parts, onProgress);
  await makeCacheFolder(CACHE)
    .then(() => writeFile(kept, encodeKept(checked)))
    // Without a cache the next run takes longer, and no result differs.
    .catch(() => {});
  return checked;
};

/** The hash, 16 characters; then the sizes, two little-endian uint32 an image. */
const encodeKept = ({ contentHash, sizes }: CheckedFolder): Buffer => {
  const values = SPLITS.flatMap((name) => [...sizes[name]]);
  const bytes = Buffer.alloc(HASH_BYTES + 4 * values.length);
  bytes.write(contentHash);
  for (const [index, value] of values.entries()) bytes.writeUInt32LE(value, HASH_BYTES + 4 * index);
  return bytes;
};

const decodeKept = (bytes: Buffer, parts: Parts): CheckedFolder | null => {
  const contentHash = bytes.toString('latin1', 0, HASH_BYTES);
  const images = SPLITS.reduce((sum, name) => sum + parts[name].files.length, 0);
  if (!HASH.test(contentHash) || bytes.length !== HASH_BYTES + 8 * images) return null;
  let place = HASH_BYTES;
  const sizesOf = (name: SplitName): Uint32Array =>
    Uint32Array.from({ length: 2 * parts[name].files.length }, () => {
      place += 4;
      return bytes.readUInt32LE(place - 4);
    });
  return {
    contentHash,
    sizes: { train: sizesOf('train'), validation: sizesOf('validation'), test: sizesOf('test') },
  };
};

const CACHE = 'image-folder';

/** What a kept hash vouches for, beside the content. */
const CHECKS = 'all images were decoded, their sizes are kept';

const HASH = /^[0-9a-f]{16}$/;

const HASH_BYTES = 16;

/** So many faults are told at once; more often lie in the folder as a whole. */
const MOST_FAULTS = 5;

const readAll = async (
  images: ImageFiles,
  parts: Parts,
  onProgress: OnDataProgress,
): Promise<CheckedFolder> => {
  const { requireImage } = await import('../images/decode.js');
  const total = Object.values(parts).reduce((sum, { files }) => sum + files.length, 0);
  const faults: UserError[] = [];
  const sizesOf = (name: SplitName): Uint32Array => new Uint32Array(2 * parts[name].files.length);
  const sizes = { train: sizesOf('train'), validation: sizesOf('validation'), test: sizesOf('test') };
  let done = 0;
  const contentHash = await hashOver(parts, async (file, name, index) => {
    if (faults.length >= MOST_FAULTS) return '';
    try {
      const bytes = await images.read(file);
      const { width, height } = await requireImage(bytes, images.pathOf(file));
      sizes[name].set([width, height], 2 * index);
      return createHash('sha256').update(bytes).digest('hex');
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      faults.push(error);
      return '';
    } finally {
      done += 1;
      onProgress({ kind: 'images', done, total });
    }
  });
  if (faults.length > 0) throw together(faults);
  return { contentHash, sizes };
};

const together = (faults: readonly UserError[]): UserError => {
  const [first] = faults;
  if (first !== undefined && faults.length === 1) return first;
  const more = faults.length < MOST_FAULTS ? '' : ' There may be more.';
  return new UserError(
    `${faults
      .map(({ message }) => message)
      .toSorted()
      .join(' ')}${more}`,
    'Replace the files, or remove them from the folder.',
  );
};

const FILES_AT_A_TIME = 32;

const hashOver = async (
  parts: Parts,
  describe: (file: string, split: SplitName, index: number) => Promise<string>,
): Promise<string> => {
  const hash = createHash('sha256');
  for (const name of SPLITS) {
    const { files } = parts[name];
    const descriptions = await pMap(files, (file, index) => describe(file, name, index), {
      concurrency: FILES_AT_A_TIME,
    });
    hash.update(`${name} ${files.length}\n`);
    for (const [index, file] of files.entries()) hash.update(`${file} ${descriptions[index]}\n`);
  }
  return hash.digest('hex').slice(0, 16);
};
