import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where lightbench keeps what can be had or worked out again, by name. */
export const cacheFolder = (name: string): string =>
  join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'lightbench', name);
