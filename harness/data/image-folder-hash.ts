/**
 * The content hash of a folder of images: SHA-256 over the splits, and every file's path and content. ImageNet takes as long as reading
 * its 140 GB once; so the hash is kept in the cache under what the file system says of every file (size, times of change of content
 * and of state, inode), and worked out anew when any of it differs. A file altered behind the file system's back goes unnoticed.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import pMap from 'p-map';
import { cacheFolder } from '../cache-folder.js';
import type { SplitName } from './dataset.js';
import type { LabelledFiles } from './image-folder-layout.js';

type Parts = Readonly<Record<SplitName, LabelledFiles>>;

/** Throws UserError where a file cannot be read, or is no image by its header; that is looked at only when the hash is worked out. */
export const contentHashOf = async (folder: string, parts: Parts): Promise<string> => {
  const state = await hashOver(parts, async (file) => {
    const { size, mtimeNs, ctimeNs, ino } = await stat(join(folder, file), { bigint: true });
    return [size, mtimeNs, ctimeNs, ino].join();
  });
  const place = cacheFolder('image-folder');
  const kept = join(
    place,
    createHash('sha256').update(resolve(folder)).update(state).digest('hex').slice(0, 32),
  );
  const known = await readFile(kept, 'utf8').catch(() => '');
  if (HASH.test(known)) return known;
  const { requireImage } = await import('./decode.js');
  const hash = await hashOver(parts, async (file) => {
    const bytes = await readFile(join(folder, file));
    await requireImage(bytes, join(folder, file));
    return createHash('sha256').update(bytes).digest('hex');
  });
  await mkdir(place, { recursive: true })
    .then(() => writeFile(kept, hash))
    // Without a cache the next run takes longer, and no result differs.
    .catch(() => {});
  return hash;
};

const HASH = /^[0-9a-f]{16}$/;

const FILES_AT_A_TIME = 32;

const hashOver = async (parts: Parts, describe: (file: string) => Promise<string>): Promise<string> => {
  const hash = createHash('sha256');
  for (const [name, { files }] of Object.entries(parts)) {
    const descriptions = await pMap(files, describe, { concurrency: FILES_AT_A_TIME });
    hash.update(`${name} ${files.length}\n`);
    for (const [index, file] of files.entries()) hash.update(`${file} ${descriptions[index]}\n`);
  }
  return hash.digest('hex').slice(0, 16);
};
