import { canPass } from '../../results/training/failure.js';
import { UserError } from '../user/user-error.js';
import type { RunOptions } from './run-options.js';
import type { Failure } from './status/events.js';
import type { Trained } from './worker/places/training-place.js';

/**
 * The attempt's outcome, after as many more attempts as are allowed where it failed in a way that can pass. Throws UserError where the disk
 * is full, for every other training would end so too.
 */
export const withRetries = async (
  { options: { retries = 1 } }: { readonly options: RunOptions },
  attempt: () => Promise<Trained>,
  onRetry: (failure: Failure) => void,
): Promise<Trained> => {
  for (let left = retries; ; left -= 1) {
    const trained = await attempt();
    const { outcome } = trained;
    if (outcome.say !== 'failed') return trained;
    const { say: _, ...failure } = outcome;
    if (failure.cause === 'disk-full') {
      throw new UserError(failure.error, 'Everything recorded so far is kept; resume the run with --resume.');
    }
    if (left === 0 || !canPass(failure.cause)) return trained;
    onRetry(failure);
  }
};
