import type { Interval } from './inference.js';

export type VerdictState = 'better' | 'worse' | 'tie' | 'undecided';

export type Direction = 'higher-is-better' | 'lower-is-better';

/**
 * What an interval of a difference says, against the largest difference that is of no practical importance. Decided where all of
 * the interval lies beyond the threshold, a tie where all of it lies within; a difference equal to the threshold is still a tie.
 */
export const verdictOf = ([low, high]: Interval, threshold: number, direction: Direction): VerdictState => {
  if (low > threshold) return direction === 'higher-is-better' ? 'better' : 'worse';
  if (high < -threshold) return direction === 'higher-is-better' ? 'worse' : 'better';
  return low >= -threshold && high <= threshold ? 'tie' : 'undecided';
};
