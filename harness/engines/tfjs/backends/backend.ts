/** The places TF.js can compute in. It has one active backend a process, so that work on them takes turns. */
import type { NormaliseBatch } from '../operations/batch-norm.js';
import { tf } from './tf.js';

export interface TfjsBackend {
  /** As it is registered with TF.js. */
  readonly name: 'wasm' | 'tensorflow';
  readonly normaliseBatch: NormaliseBatch;
}

let lastTurn: Promise<unknown> = Promise.resolve();

/** Runs `work` with nothing else of TF.js's in between. */
export const inTurn = <T>(work: () => T | Promise<T>): Promise<T> => {
  const turn = lastTurn.then(work);
  lastTurn = turn.catch(() => undefined);
  return turn;
};

/** Runs `work` in its turn, with this backend active. */
export const onBackend = <T>({ name }: TfjsBackend, work: () => T | Promise<T>): Promise<T> =>
  inTurn(async () => {
    if (tf.getBackend() !== name && !(await tf.setBackend(name))) {
      throw new Error(`TF.js could not start its ${name} backend.`);
    }
    return work();
  });
