import type { Interval } from './inference.js';

export type VerdictState = 'better' | 'worse' | 'tie' | 'undecided';

export type Direction = 'higher-is-better' | 'lower-is-better';

/** What a difference is held against. */
export interface Limits {
  /** Largest difference of no practical importance: up to it, two are a tie. */
  readonly within: number;
  /** Beyond it, not less than `within`, two differ: what noise makes out of nothing lies below. */
  readonly beyond: number;
}

export const NO_DIFFERENCE: Limits = { within: 0, beyond: 0 };

/**
 * What an interval of a difference says: decided where all of it lies beyond the limit, a tie where all of it lies within. A difference
 * equal to a limit is not beyond it, and is within.
 */
export const verdictOf = (
  [low, high]: Interval,
  { within, beyond }: Limits,
  direction: Direction,
): VerdictState => {
  if (low > beyond) return direction === 'higher-is-better' ? 'better' : 'worse';
  if (high < -beyond) return direction === 'higher-is-better' ? 'worse' : 'better';
  return low >= -within && high <= within ? 'tie' : 'undecided';
};

export const RELATIONS = ['>', '<', '>=', '<=', '='] as const;

export type Relation = (typeof RELATIONS)[number];

export type RelationState = 'supported' | 'contradicted' | 'undecided';

/**
 * What an interval of left - right says of `left relation right`. `>` holds where all of the interval lies beyond the limit, and is
 * contradicted where none of it lies above what is a tie; `>=` holds where none of it lies below a tie, and is contradicted where all
 * lies beyond the limit on the other side; `=` holds for a tie, and is contradicted where all lies beyond a limit.
 */
export const relationState = (
  relation: Relation,
  [low, high]: Interval,
  { within, beyond }: Limits,
): RelationState => {
  switch (relation) {
    case '>':
      return decided(low > beyond, high <= within);
    case '>=':
      return decided(low >= -within, high < -beyond);
    case '<':
      return decided(high < -beyond, low >= -within);
    case '<=':
      return decided(high <= within, low > beyond);
    case '=':
      return decided(low >= -within && high <= within, low > beyond || high < -beyond);
  }
};

const decided = (holds: boolean, fails: boolean): RelationState => {
  if (holds) return 'supported';
  return fails ? 'contradicted' : 'undecided';
};
