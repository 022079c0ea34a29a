/** Trained weights on their way into the folder of a run. */
import { readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { sha256Of } from '../../results/journal/checksum.js';
import type { WeightsRecord } from '../../results/model/weights.js';
import { makeFolders } from '../files/make-folders.js';
import { fileError, systemCode } from '../files/system-error.js';
import { writeWhole } from '../files/write-whole.js';
import type { Graph } from '../graph/graph.js';
import type { Weights } from '../graph/parameters.js';
import { weightsFile } from './files.js';

/** Of one trial; a larger file is not kept. */
export const MOST_WEIGHT_BYTES = 256 * 2 ** 20;

/** Where the weights of a trial go, and how large their file may be. */
export interface WeightsTarget {
  readonly file: string;
  readonly mostBytes: number;
}

export const NOT_WANTED: WeightsRecord = {
  state: 'absent',
  reason: 'the run kept no weights (--no-weights)',
};

/** Writes them in training form. Throws UserError where the file cannot be written. */
export const keepWeights = async (
  target: WeightsTarget | undefined,
  graph: Graph,
  weights: Weights,
  metadata: Readonly<Record<string, string>>,
): Promise<WeightsRecord> => {
  if (target === undefined) return NOT_WANTED;
  const bytes = weightsFile(graph, weights, metadata);
  if (bytes.length > target.mostBytes) {
    return {
      state: 'absent',
      reason: `their file of ${bytes.length} bytes would exceed the limit of ${target.mostBytes} bytes`,
    };
  }
  return putWeights(target.file, bytes);
};

/** Writes a file of weights whole. Throws UserError where it cannot be written. */
export const putWeights = async (file: string, bytes: Uint8Array): Promise<WeightsRecord> => {
  try {
    await makeFolders(dirname(file));
    await writeWhole(file, bytes);
  } catch (error) {
    throw fileError(error, { path: file, use: 'written', whenFull: 'Free some space, or use --no-weights.' });
  }
  return { state: 'kept', sha256: sha256Of(bytes), bytes: bytes.length };
};

/** The file's bytes where they are those of the record; null where there is none, or it is another. */
export const takeWeights = async (
  file: string,
  { sha256 }: Extract<WeightsRecord, { state: 'kept' }>,
): Promise<Uint8Array | null> => {
  const bytes = await readFile(file).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return null;
    throw fileError(error, { path: file, use: 'read' });
  });
  return bytes !== null && sha256Of(bytes) === sha256 ? bytes : null;
};

export const dropWeights = (file: string): Promise<void> => rm(file, { force: true });
