import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where this machine keeps what lightbench has fetched or built under this name, for every project of the user. */
export const cacheFolder = (name: string): string =>
  join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'lightbench', name);
