import { realpath, stat, writeFile } from 'node:fs/promises';
import { fileError } from '../files/system-error.js';
import { writeWhole } from '../files/write-whole.js';

/**
 * Writes what a command was asked to leave in a file: whole, or the old one stays. A device is written to as it is. Throws UserError where
 * the file cannot be written.
 */
export const writeOutput = async (file: string, content: string | Uint8Array): Promise<void> => {
  try {
    const target = await stat(file).catch(() => null);
    // What a link points to is written, not the link.
    if (target === null || target.isFile()) await writeWhole(await realpath(file).catch(() => file), content);
    else await writeFile(file, content);
  } catch (error) {
    throw fileError(error, { path: file, use: 'written' });
  }
};
