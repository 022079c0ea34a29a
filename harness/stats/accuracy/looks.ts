/** Verdicts where trials are added until all is decided: every look at them is paid for. */
import { ALPHA, type Interval } from '../inference.js';
import { type Limits, type VerdictState, verdictOf } from '../verdict.js';
import { type Contrast, contrastFamily } from './contrasts.js';
import type { AccuracyPosterior } from './posterior.js';

/** Where trials may be added, every look is at this level. */
const LOOK_ALPHA = 0.02;

/**
 * The level of a look. Looking again and again until it pleases finds differences that are none, unless each look asks for more (Pocock
 * 1977). Looks at the same pair depend on each other, and most families are left after the first: at 2 %, families of equal candidates
 * have a wrong interval at any of up to eight looks no more often than at one look at 5 % (simulated; see docs/method.md).
 */
export const lookAlpha = (mayAddTrials: boolean): number => (mayAddTrials ? LOOK_ALPHA : ALPHA);

/**
 * Whether all candidates have a second trial. What others lend to one of which nothing is known may be too little by far: where it is
 * five times as noisy as they are, a third of families had a false verdict.
 */
export const isDecidable = ({ trials }: AccuracyPosterior, contrast: Contrast): boolean =>
  contrast.every(([c]) => (trials[c] ?? 0) > 1);

export interface Decision {
  readonly state: VerdictState;
  /** Of the look that decided, or the last. */
  readonly value: number;
  readonly interval: Interval;
  /** From 0. */
  readonly look: number;
}

/**
 * The verdict on each contrast of a family, where a higher value is better: that of the first look that decides it, which later looks
 * do not take back. Throws RangeError where there is no look.
 */
export const decideOverLooks = (
  looks: readonly AccuracyPosterior[],
  contrasts: readonly Contrast[],
  limits: Limits,
  alpha: number,
): readonly Decision[] => {
  const [first, ...later] = looks.map((posterior, look): readonly Decision[] =>
    contrastFamily(posterior, contrasts, alpha).estimates.map(({ value, interval }, k) => ({
      state: isDecidable(posterior, contrasts[k] ?? [])
        ? verdictOf(interval, limits, 'higher-is-better')
        : 'undecided',
      value,
      interval,
      look,
    })),
  );
  if (first === undefined) throw new RangeError('Without a look nothing is decided.');
  return later.reduce(
    (before, now) => before.map((one, k) => (one.state === 'undecided' ? (now[k] ?? one) : one)),
    first,
  );
};
