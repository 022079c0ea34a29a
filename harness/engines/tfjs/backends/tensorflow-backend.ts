/** Loads libtensorflow into this process. */
import { createRequire } from 'node:module';
import util from 'node:util';
import { UserError } from '../../../user/user-error.js';
import type { Installation } from '../install/installation.js';
import { QUIET, type Started, started } from '../install/libtensorflow.js';
import { normaliseInClosedForm } from '../operations/batch-norm.js';
import { inTurn, type TfjsBackend } from './backend.js';
import { tf } from './tf.js';

/** TF.js's own gradient of a batch norm more than halves the speed of training here. */
export const tensorflowBackend: TfjsBackend = { name: 'tensorflow', normaliseBatch: normaliseInClosedForm };

let threadsInUse: number | null = null;

/**
 * Throws UserError where libtensorflow already runs in this process with another number of threads: it keeps those that it was
 * started with.
 */
export const startHere = ({ folder }: Installation, threads: number): Promise<Started> =>
  inTurn(() => {
    if (threadsInUse !== null && threadsInUse !== threads) {
      throw new UserError(
        `libtensorflow already runs with ${threadsInUse} threads in this process; ${threads} were requested.`,
        'Use the same number of threads, or another process.',
      );
    }
    Object.assign(process.env, QUIET, {
      TF_NUM_INTRAOP_THREADS: String(threads),
      TF_NUM_INTEROP_THREADS: '1',
      OMP_NUM_THREADS: String(threads),
    });
    shimNode();
    try {
      createRequire(import.meta.url)(folder);
    } catch (error) {
      return { state: 'failed', reason: error instanceof Error ? error.message : String(error) };
    }
    threadsInUse = threads;
    return started(tf.findBackend('tensorflow'));
  });

/** tfjs-node calls a function that Node 23 took away. */
const shimNode = (): void => {
  if ('isNullOrUndefined' in util) return;
  Object.assign(util, { isNullOrUndefined: (value: unknown) => value === null || value === undefined });
};
