import { homedir } from 'node:os';
import { join } from 'node:path';
import { makeFolders } from './make-folders.js';

/** Results of finished trainings. */
export const RESULTS = 'results';

/** Where this machine keeps what lightbench has fetched or built under this name, for every project of the user. */
export const cacheFolder = (name: string): string =>
  join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'lightbench', name);

/** The same, made where it is missing, for this user alone. */
export const makeCacheFolder = async (name: string): Promise<string> => {
  const folder = cacheFolder(name);
  await makeFolders(folder, { mode: 0o700 });
  return folder;
};
