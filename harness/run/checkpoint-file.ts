/** Where the training of a trial is kept while it runs: one file a trial, whole at any time. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Decoded, decodeTraining, encodeTraining } from '../train/checkpoint.js';
import type { TrainingState } from '../train/loop.js';
import { UserError } from '../user-error.js';
import { makeFolder, writeWhole } from './run-directory.js';

/** The folder in a run's. */
const FOLDER = 'checkpoints';

/** Takes the place of the trial's earlier state. Throws UserError where the folder cannot be written. */
export const saveTraining = async (
  directory: string,
  key: string,
  training: TrainingState,
): Promise<void> => {
  const folder = join(directory, FOLDER);
  await makeFolder(folder);
  await writeWhole(folder, key, encodeTraining(key, training));
};

/** What was saved last for the trial; null where nothing was. Throws UserError where the file cannot be read. */
export const loadTraining = async (directory: string, key: string): Promise<Decoded | null> => {
  const file = join(directory, FOLDER, key);
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw new UserError(
      `${file} cannot be read: ${error.message}.`,
      'Delete it: the trial then begins anew.',
    );
  });
  return bytes === null ? null : decodeTraining(key, bytes);
};

/** A trial that is done, or begins anew, needs it no more. */
export const dropTraining = (directory: string, key: string): Promise<void> =>
  rm(join(directory, FOLDER, key), { force: true });
