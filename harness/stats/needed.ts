import { type Inference, tCritical } from './inference.js';
import type { Limits } from './verdict.js';

/** The chance of a decision that makes it probable. */
const POWER = 0.8;

/**
 * The least number of units, more than there are, that would decide a difference with 80 % chance if what has been estimated is
 * true: the distance from the estimate to the nearer limit must hold the half-width and t(0.8) standard errors. A limit that noise has
 * put beyond that of a tie comes nearer to it with more units, as every interval becomes narrower. Null where `most` would not do, or the
 * variance between units is unknown.
 */
export const unitsNeeded = (
  { value, units, predict }: Inference,
  { limits, alpha, most }: { readonly limits: Limits; readonly alpha: number; readonly most: number },
): number | null => {
  if (predict === null) return null;
  const size = Math.abs(value);
  for (let count = units + 1; count <= most; count += 1) {
    const { standardError, halfWidth } = predict(count, alpha);
    const beyond = Math.max(limits.within, limits.beyond * Math.sqrt(units / count));
    const distance = Math.max(limits.within - size, size - beyond);
    if (halfWidth + tCritical(2 * (1 - POWER), count - 1) * standardError <= distance) return count;
  }
  return null;
};
