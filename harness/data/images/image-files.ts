/** Where the encoded images of a data set lie: files of a folder, or ranges of a larger file. */
import { open, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readRegularFile, requireRegular } from '../../files/regular-file.js';
import { fileError } from '../../files/system-error.js';
import { UserError } from '../../user/user-error.js';

/** Encoded images by their names. */
export interface ImageFiles {
  /** Tells these images from those of other places. */
  readonly place: string;
  /** How people find an image. */
  readonly pathOf: (name: string) => string;
  /** What the file system says of where an image lies; another whenever its bytes may be others. Throws UserError where it cannot be read. */
  readonly stateOf: (name: string) => Promise<string>;
  /** The bytes of an image file. Throws UserError naming it where they cannot be read. */
  readonly read: (name: string) => Promise<Uint8Array>;
}

const REMEDY = 'Replace the file, or remove it from the folder.';

/** Far above any image that is small enough to be decoded. */
export const MOST_IMAGE_BYTES = 2 ** 28;

const stateOf = async (path: string): Promise<string> => {
  const entry = await stat(path, { bigint: true }).catch((error: unknown) => {
    throw fileError(error, { path, use: 'read', remedy: REMEDY });
  });
  requireRegular(path, entry, REMEDY);
  const { size, mtimeNs, ctimeNs, ino } = entry;
  return [size, mtimeNs, ctimeNs, ino].join();
};

/** By their paths below a folder. */
export const filesIn = (folder: string): ImageFiles => ({
  place: resolve(folder),
  pathOf: (name) => join(folder, name),
  stateOf: (name) => stateOf(join(folder, name)),
  read: (name) => readRegularFile(join(folder, name), { most: MOST_IMAGE_BYTES, remedy: REMEDY }),
});

export interface ByteRange {
  readonly offset: number;
  readonly bytes: number;
}

/** Images that lie one after another in a file, by their names. */
export const rangesIn = (file: string, ranges: ReadonlyMap<string, ByteRange>): ImageFiles => {
  const pathOf = (name: string): string => `${name} in ${file}`;
  return {
    place: resolve(file),
    pathOf,
    stateOf: async (name) => `${await stateOf(file)} ${ranges.get(name)?.offset}`,
    read: async (name) => {
      const { offset, bytes } = ranges.get(name) ?? { offset: 0, bytes: 0 };
      const buffer = Buffer.allocUnsafe(bytes);
      const opened = await open(file).catch((error: unknown) => {
        throw fileError(error, { path: file, use: 'read', remedy: REMEDY });
      });
      try {
        const { bytesRead } = await opened.read(buffer, 0, bytes, offset);
        if (bytesRead === bytes) return buffer;
      } finally {
        await opened.close();
      }
      throw new UserError(`${pathOf(name)} is cut off.`, 'Delete the file: it is made anew.');
    },
  };
};
