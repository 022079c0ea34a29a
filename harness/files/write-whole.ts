import { rename, rm, writeFile } from 'node:fs/promises';

/** End of the names of files that are being written. */
export const PARTIAL = '.partial';

/**
 * Writes a file so that it is either the old one or the whole new one; a process writes it once at a time. Throws the system's error where
 * that is impossible.
 */
export const writeWhole = async (
  file: string,
  content: string | Uint8Array,
  options: { readonly mode?: number } = {},
): Promise<void> => {
  const partial = `${file}.${process.pid}${PARTIAL}`;
  try {
    await writeFile(partial, content, options);
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
};
