import { readdir } from 'node:fs/promises';
import { fileError, systemCode } from './system-error.js';

/** Names of what lies in a folder that is to be written; none where there is no folder. Throws UserError where it cannot be read. */
export const alreadyThere = (folder: string, remedy?: string): Promise<readonly string[]> =>
  readdir(folder).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return [];
    throw fileError(error, { path: folder, use: 'written', ...(remedy === undefined ? {} : { remedy }) });
  });
