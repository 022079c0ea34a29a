/** Where the training of a trial is kept while it runs: one file a trial, whole at any time. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileError, systemCode } from '../../files/system-error.js';
import { type Decoded, decodeTraining, encodeTraining } from '../../train/checkpoint.js';
import type { TrainingState } from '../../train/train-network.js';
import { makeInnerFolder, writeWhole } from './run-directory.js';

/** The folder in a run's. */
export const CHECKPOINTS = 'checkpoints';

/** A trial's, in the folder of a run. */
export interface CheckpointFile {
  readonly directory: string;
  readonly key: string;
}

/** Takes the place of the trial's earlier state. Throws UserError where the folder cannot be written. */
export const saveTraining = (directory: string, key: string, training: TrainingState): Promise<void> =>
  writeCheckpoint({ directory, key }, encodeTraining(key, training));

/** What was saved last for the trial; null where nothing was. Throws UserError where the file cannot be read. */
export const loadTraining = async (directory: string, key: string): Promise<Decoded | null> => {
  const bytes = await readCheckpoint({ directory, key });
  return bytes === null ? null : decodeTraining(key, bytes);
};

/** Bytes as `encodeTraining` makes them. */
export const writeCheckpoint = async (
  { directory, key }: CheckpointFile,
  bytes: Uint8Array,
): Promise<void> => {
  const folder = join(directory, CHECKPOINTS);
  await makeInnerFolder(folder);
  await writeWhole(folder, key, bytes);
};

export const readCheckpoint = async ({ directory, key }: CheckpointFile): Promise<Buffer | null> => {
  const file = join(directory, CHECKPOINTS, key);
  return readFile(file).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return null;
    throw fileError(error, { path: file, use: 'read', remedy: 'Delete it: the trial then begins anew.' });
  });
};

/** A trial that is done, or begins anew, needs it no more. */
export const dropTraining = (directory: string, key: string): Promise<void> =>
  rm(join(directory, CHECKPOINTS, key), { force: true });
