/** What killed processes leave in the folder of a run. */
import { rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { filesBeneath } from '../../files/beneath.js';
import { PARTIAL } from '../../files/write-whole.js';
import { CHECKPOINTS } from './checkpoint-file.js';

/** Half-written files, in the folder and those within it. The folder must be this process's. */
export const removePartialFiles = async (directory: string): Promise<void> => {
  for (const name of filesBeneath(directory, { follow: false })) {
    if (name.endsWith(PARTIAL)) await rm(join(directory, name), { force: true });
  }
};

/** States of trainings that are done. */
export const removeCheckpoints = async (directory: string, doneKeys: Iterable<string>): Promise<void> => {
  const folder = join(directory, CHECKPOINTS);
  for (const key of doneKeys) await rm(join(folder, key), { force: true });
  // It stays where a training has failed: when it is repeated, it goes on from there.
  await rmdir(folder).catch(() => {});
};
