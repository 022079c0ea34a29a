/** Decodes a folder of images once, into the format that `format.ts` describes. */
import { createHash } from 'node:crypto';
import { open, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import pMap from 'p-map';
import { alreadyThere } from '../../files/already-there.js';
import { makeFolders } from '../../files/make-folders.js';
import { fileError } from '../../files/system-error.js';
import { UserError } from '../../user/user-error.js';
import { SPLITS, type SplitName } from '../dataset.js';
import type { OnDataProgress } from '../dataset-entry.js';
import { sourceOf } from '../folder/image-folder.js';
import { openImages } from '../image-set.js';
import type { ImageSource, LabelledFiles } from '../image-source.js';
import type { ImageFiles } from '../images/image-files.js';
import {
  DESCRIPTION,
  described,
  encodeIndex,
  imagesFile,
  indexFile,
  type Prepared,
  type PreparedImage,
} from './format.js';

export interface PrepareOptions {
  /** Shorter sides are brought down to so many pixels; null leaves images as they are. */
  readonly shortSide: number | null;
  readonly onProgress?: OnDataProgress;
}

/**
 * Writes a new folder; it has its name only once it is whole. Throws UserError where the source is no folder of images, an image cannot
 * be read, or the target is in use or cannot be written.
 */
export const writePrepared = async (
  source: string | ImageSource,
  target: string,
  { shortSide, onProgress = () => {} }: PrepareOptions,
): Promise<Prepared> => {
  await requireUnused(target);
  const {
    files,
    classes,
    parts,
    contentHash: sourceHash,
  } = await openImages(typeof source === 'string' ? await sourceOf(source) : source, { onProgress });
  const partial = `${resolve(target)}.partial`;
  try {
    await rm(partial, { recursive: true, force: true });
    await makeFolders(partial);
    const total = SPLITS.reduce((sum, name) => sum + parts[name].files.length, 0);
    let done = 0;
    const splits = {} as Record<SplitName, Prepared['splits'][SplitName]>;
    for (const name of SPLITS) {
      splits[name] = await writeSplit(files, partial, name, parts[name], shortSide, (count) => {
        done += count;
        onProgress({ kind: 'prepared', done, total });
      });
    }
    const prepared = described({
      format: 'lightbench-images',
      version: 1,
      classes: [...classes],
      shortSide,
      sourceHash,
      splits,
    });
    await writeFile(join(partial, DESCRIPTION), `${JSON.stringify(prepared, null, 2)}\n`);
    await rm(target, { recursive: true, force: true });
    await rename(partial, target);
    return prepared;
  } catch (error) {
    await rm(partial, { recursive: true, force: true }).catch(() => {});
    throw fileError(error, { path: target, use: 'written' });
  }
};

const requireUnused = async (target: string): Promise<void> => {
  const present = await alreadyThere(target);
  if (present.length === 0) return;
  throw new UserError(`${target} is not empty.`, 'Choose a new or an empty folder with --out.');
};

/** Images that are held before they are written. */
const AT_A_TIME = 64;

const writeSplit = async (
  source: ImageFiles,
  folder: string,
  split: SplitName,
  { files, labels }: LabelledFiles,
  shortSide: number | null,
  onWritten: (count: number) => void,
): Promise<Prepared['splits'][SplitName]> => {
  const { rowsOf } = await import('../images/decode.js');
  const images: PreparedImage[] = [];
  const hash = createHash('sha256');
  let bytes = 0;
  const file = await open(imagesFile(folder, split), 'w');
  try {
    for (let first = 0; first < files.length; first += AT_A_TIME) {
      const chunk = await pMap(
        files.slice(first, first + AT_A_TIME),
        (name) => rowsOf(source, name, shortSide),
        {
          concurrency: AT_A_TIME,
        },
      );
      for (const [place, pixels] of chunk.entries()) {
        hash.update(pixels.bytes);
        await file.appendFile(pixels.bytes);
        bytes += pixels.bytes.length;
        images.push({ height: pixels.height, width: pixels.width, label: labels[first + place] ?? 0 });
      }
      onWritten(chunk.length);
    }
  } finally {
    await file.close();
  }
  const index = encodeIndex(images);
  await writeFile(indexFile(folder, split), index);
  return {
    images: images.length,
    bytes,
    indexSha256: createHash('sha256').update(index).digest('hex'),
    imagesSha256: hash.digest('hex'),
  };
};
