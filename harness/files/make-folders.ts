import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemCode } from './system-error.js';

interface FolderOptions {
  readonly mode?: number;
}

/**
 * Makes a folder, and those above it, where they are missing. Throws the system's error where that is impossible; `recursive` of Node
 * itself tries for ever where the system says ENOENT of a folder whose parent exists, as in /proc.
 */
export const makeFolders = async (folder: string, options: FolderOptions = {}): Promise<void> => {
  try {
    await makeFolder(folder, options);
  } catch (error) {
    const parent = dirname(folder);
    if (systemCode(error) !== 'ENOENT' || parent === folder) throw error;
    await makeFolders(parent, options);
    await makeFolder(folder, options);
  }
};

const makeFolder = async (folder: string, options: FolderOptions): Promise<void> => {
  try {
    await mkdir(folder, options);
  } catch (error) {
    const isThere = await stat(folder).then(
      (entry) => entry.isDirectory(),
      () => false,
    );
    if (!isThere) throw error;
  }
};
