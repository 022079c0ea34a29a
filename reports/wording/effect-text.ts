/** A difference in words: in points for top-1 and its drop, and in percent for everything else. */
import type { Comparison, Interval, Verdict } from '../../harness/analysis/analysis.js';
import type { Int8Metric, Metric } from '../../harness/analysis/metrics.js';
import { digitsOf, grouped, signed } from '../text/numbers.js';

/** Of an effect on a metric, as it is written. */
export const unitOf = (metric: Metric | Int8Metric): 'points' | '%' =>
  metric === 'top1' || metric === 'top1-int8' || metric === 'drop-int8' ? 'points' : '%';

export interface EffectText {
  readonly value: string;
  /** `[+0.2, +0.9]`; null where there is none. */
  readonly interval: string | null;
}

export const effectText = ({ effect, interval }: Pick<Comparison, 'effect' | 'interval'>): EffectText => {
  const digits = interval === null ? 2 : effectDigits([100 * interval[0], 100 * interval[1]]);
  return {
    value: signed(100 * effect, digits),
    interval: interval && intervalText([100 * interval[0], 100 * interval[1]], 100 * effect, digits),
  };
};

/** An upper end beyond a hundredfold, and far beyond the effect, says only that there is none worth a number. */
export const intervalText = ([low, high]: Interval, effect: number, digits: number): string =>
  `[${signed(low, digits)}, ${high > MOST_PERCENT && high > 10 * effect ? `> +${grouped(MOST_PERCENT)}` : signed(high, digits)}]`;

const MOST_PERCENT = 10_000;

/** Those of the interval, and as many more as tell an end near zero from zero where the interval excludes it: that decides. */
export const effectDigits = (interval: Interval): number => {
  const digits = digitsOf(interval);
  const [low, high] = interval;
  const nearest = Math.min(Math.abs(low), Math.abs(high));
  if (low <= 0 && high >= 0) return digits;
  return Math.max(digits, Math.min(MOST_DIGITS, Math.ceil(-Math.log10(2 * nearest))));
};

const MOST_DIGITS = 4;

/** What would decide a comparison: empty where it is decided. */
export const neededText = (verdict: Verdict): string => {
  if (verdict.state !== 'undecided') return '';
  if (verdict.needed === null) return 'out of reach';
  const { unit, count, isLeast } = verdict.needed;
  return `${isLeast ? 'at least' : 'about'} ${count} ${unit}`;
};
