import { stat } from 'node:fs/promises';
import { makeCacheFolder } from './cache-folder.js';

/**
 * Where jiti keeps what it has made of the user's TypeScript, which later processes run as it lies there: a folder of the user's own.
 * False, which is none, where there cannot be one that nobody else may write to. jiti itself would take a shared temporary folder.
 */
export const transformCache = async (): Promise<string | false> => {
  try {
    const folder = await makeCacheFolder('jiti');
    return (await isPrivate(folder)) ? folder : false;
  } catch {
    return false;
  }
};

/** Windows has neither users' ids nor such modes, and keeps the folders of a user from others by itself. */
const isPrivate = async (folder: string): Promise<boolean> => {
  const { uid, mode } = await stat(folder);
  return process.getuid === undefined || (uid === process.getuid() && (mode & OTHERS_WRITE) === 0);
};

const OTHERS_WRITE = 0o022;
