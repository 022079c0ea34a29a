/** A difference in words: in points for top-1 and in percent for everything else. */
import type { Comparison, Verdict } from '../harness/analysis/analysis.js';
import { digitsOf, signed } from './numbers.js';

export interface EffectText {
  readonly value: string;
  /** `[+0.2, +0.9]`; null where there is none. */
  readonly interval: string | null;
}

export const effectText = ({ effect, interval }: Pick<Comparison, 'effect' | 'interval'>): EffectText => {
  const digits = interval === null ? 2 : digitsOf([100 * interval[0], 100 * interval[1]]);
  return {
    value: signed(100 * effect, digits),
    interval: interval && `[${interval.map((end) => signed(100 * end, digits)).join(', ')}]`,
  };
};

/** What would decide a comparison: empty where it is decided. */
export const neededText = (verdict: Verdict): string => {
  if (verdict.state !== 'undecided') return '';
  return verdict.needed === null ? 'out of reach' : `about ${verdict.needed.count} ${verdict.needed.unit}`;
};
