import { type Inference, tCritical } from './inference.js';

/** The chance of a decision that makes it probable. */
const POWER = 0.8;

/**
 * The least number of units, more than there are, that would decide a difference with 80 % chance if what has been estimated is
 * true: the distance from the estimate to the nearer edge of the threshold must hold the half-width and t(0.8) standard errors.
 * Null where the limit would not do, or the variance between units is unknown.
 */
export const unitsNeeded = (
  { value, units, predict }: Inference,
  { threshold, alpha, limit }: { readonly threshold: number; readonly alpha: number; readonly limit: number },
): number | null => {
  if (predict === null) return null;
  const distance = Math.abs(Math.abs(value) - threshold);
  for (let count = units + 1; count <= limit; count += 1) {
    const { standardError, halfWidth } = predict(count, alpha);
    if (halfWidth + tCritical(2 * (1 - POWER), count - 1) * standardError <= distance) return count;
  }
  return null;
};
