/** Files and folders of which nothing is known yet: a FIFO would be waited for, a device has no end. */
import { readFileSync, type Stats, statSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { UserError } from '../user/user-error.js';
import { fileError } from './system-error.js';

export interface ReadOptions {
  /** Bytes; a larger file is refused. */
  readonly most?: number;
  /** What to do where it cannot be read. */
  readonly remedy: string;
}

/** What Node.js reads at once. */
const MOST_READ_BYTES = 2 ** 31 - 1;

/** The bytes of a file. Throws UserError as requireFile does, and where it cannot be read, as one of 2 GiB cannot. */
export const readRegularFile = async (
  path: string,
  { most = MOST_READ_BYTES, remedy }: ReadOptions,
): Promise<Buffer> => {
  await requireFile(path, { most: Math.min(most, MOST_READ_BYTES), remedy });
  return readFile(path).catch(unreadable(path, remedy));
};

/** The same, for whoever cannot wait. */
export const readRegularFileSync = (path: string, remedy: string): Buffer => {
  try {
    requireSized(path, statSync(path), { most: MOST_READ_BYTES, remedy });
    return readFileSync(path);
  } catch (error) {
    throw fileError(error, { path, use: 'read', remedy });
  }
};

/** Throws UserError where the file is missing, too large, or no regular file; it is not opened. */
export const requireFile = async (path: string, options: ReadOptions): Promise<void> =>
  requireSized(path, await stat(path).catch(unreadable(path, options.remedy)), options);

const requireSized = (
  path: string,
  entry: Stats,
  { most = Number.POSITIVE_INFINITY, remedy }: ReadOptions,
): void => {
  requireRegular(path, entry, remedy);
  if (entry.size <= most) return;
  throw new UserError(`${path} has ${entry.size} bytes; expected at most ${most}.`, remedy);
};

/** Throws UserError where the folder is missing, or something else lies there. */
export const requireFolder = async (path: string, remedy: string): Promise<void> => {
  const entry = await stat(path).catch(unreadable(path, remedy));
  if (!entry.isDirectory()) throw new UserError(`${path} is ${kindOf(entry)}, not a folder.`, remedy);
};

const unreadable =
  (path: string, remedy: string) =>
  (error: unknown): never => {
    throw fileError(error, { path, use: 'read', remedy });
  };

type Kind = Pick<Stats, 'isFile' | 'isDirectory' | 'isFIFO' | 'isSocket'>;

/** Throws UserError where what lies at the path is anything but a file. */
export const requireRegular = (path: string, entry: Kind, remedy: string): void => {
  if (entry.isFile()) return;
  throw new UserError(`${path} is ${kindOf(entry)}, not a file.`, remedy);
};

const kindOf = (entry: Kind): string => {
  if (entry.isDirectory()) return 'a folder';
  if (entry.isFile()) return 'a file';
  if (entry.isFIFO()) return 'a named pipe';
  return entry.isSocket() ? 'a socket' : 'a device';
};
