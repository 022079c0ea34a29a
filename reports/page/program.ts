import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileError } from '../../harness/files/system-error.js';
import { packageRoot } from '../../harness/package/package-root.js';

/** The program of the page, as `npm run build` bundles it. Throws UserError where that has not been done. */
export const pageProgram = async (): Promise<string> => {
  const path = join(packageRoot(), 'dist', 'page-program.js');
  return readFile(path, 'utf8').catch((error: unknown) => {
    throw fileError(error, { path, use: 'read', remedy: 'In a checkout, npm run build makes it.' });
  });
};
