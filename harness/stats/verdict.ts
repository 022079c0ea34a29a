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

export const RELATIONS = ['>', '<', '>=', '<=', '='] as const;

export type Relation = (typeof RELATIONS)[number];

export type RelationState = 'supported' | 'contradicted' | 'undecided';

/**
 * What an interval of left - right says of `left relation right`. `>` holds where all of the interval lies above the threshold, and is
 * contradicted where none does; `>=` holds where none of it lies below the negative threshold, and is contradicted where all does;
 * `=` holds where all lies within, and is contradicted where none does.
 */
export const relationState = (relation: Relation, interval: Interval, threshold: number): RelationState => {
  const [low, high] = interval;
  switch (relation) {
    case '>':
      return decided(low > threshold, high <= threshold);
    case '>=':
      return decided(low >= -threshold, high < -threshold);
    case '<':
      return decided(high < -threshold, low >= -threshold);
    case '<=':
      return decided(high <= threshold, low > threshold);
    case '=':
      return decided(low >= -threshold && high <= threshold, low > threshold || high < -threshold);
  }
};

const decided = (holds: boolean, fails: boolean): RelationState => {
  if (holds) return 'supported';
  return fails ? 'contradicted' : 'undecided';
};
