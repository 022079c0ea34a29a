import { UserError } from '../../harness/user/user-error.js';
import type { JournalEvent } from '../journal/events.js';
import type { Plan } from '../plan/plan.js';

/**
 * What a trial says twice must agree: its top-1, and the images that it got right.
 * @throws UserError naming the trial where they do not.
 */
export const requireResultsFit = (
  journal: string,
  { conditions: { dataset } }: Plan,
  events: readonly JournalEvent[],
): void => {
  for (const event of events) {
    if (event.event !== 'trial-done') continue;
    const { testCorrect, testTop1 } = event.result;
    const bits = Buffer.from(testCorrect, 'base64');
    const right = bitsSet(bits);
    const fits =
      bits.length === Math.ceil(dataset.testImages / 8) &&
      Math.abs(right - testTop1 * dataset.testImages) < ROUNDING;
    if (fits) continue;
    throw new UserError(
      `${journal}: the trial of ${event.candidate}, seed ${event.seed}, has a top-1 of ${testTop1}, but got ${right} of ${dataset.testImages} test images right.`,
      'Restore the file from a copy, or run the suite again.',
    );
  }
};

/** Of a share times a number of images, in images. */
const ROUNDING = 0.01;

const bitsSet = (bytes: Uint8Array): number => {
  let set = 0;
  for (const byte of bytes) {
    for (let rest = byte; rest > 0; rest &= rest - 1) set += 1;
  }
  return set;
};
