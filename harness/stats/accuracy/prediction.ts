/** What more seeds would probably decide. */
import { tCritical } from '../inference.js';
import type { Contrast } from './contrasts.js';
import type { AccuracyPosterior } from './posterior.js';

/** A contrast, and what it takes to decide it. */
export interface Question {
  readonly contrast: Contrast;
  readonly value: number;
  /** Of practical importance is a difference beyond it, of none one within. */
  readonly threshold: number;
}

/** The family that questions are judged in. */
export interface FamilyLevel {
  readonly alpha: number;
  readonly members: number;
  /** As `ContrastFamily` has it. */
  readonly critical: number;
}

/** Standard normal quantile of a chance. */
const NORMAL_DEGREES = 1e6;
const normalQuantile = (chance: number): number =>
  chance === 0.5 ? 0 : Math.sign(chance - 0.5) * tCritical(2 * Math.min(chance, 1 - chance), NORMAL_DEGREES);

/**
 * By how much the distance from the estimate to the nearer edge of the threshold exceeds what would be needed to decide, with such a
 * chance, if candidates had so many trials; negative where it falls short. The estimate will have moved by then: by the predictive
 * distribution its variance is sum w^2 sigma^2 (1 / n - 1 / n'). The critical value falls from today's to that of known spreads
 * (Bonferroni) as 1 / degrees of freedom.
 */
export const surplus = (
  { seedVariances, trials, imageCovariance: { size, values } }: AccuracyPosterior,
  { contrast, value, threshold }: Question,
  { alpha, members, critical }: FamilyLevel,
  { trialsOf, chance }: { readonly trialsOf: (candidate: number) => number; readonly chance: number },
): number => {
  let error = 0;
  let move = 0;
  let [degrees, later] = [0, 0];
  for (const [c, weight] of contrast) {
    const spread = weight ** 2 * (seedVariances?.[c] ?? Number.POSITIVE_INFINITY);
    const [now, then] = [trials[c] ?? 1, trialsOf(c)];
    error += spread / then;
    move += spread * (1 / now - 1 / then);
    degrees += now - 1;
    later += then - 1;
    for (const [d, other] of contrast) {
      error += weight * other * (values[Math.max(c, d) * size + Math.min(c, d)] ?? 0);
    }
  }
  const known = Math.min(tCritical(alpha / members, NORMAL_DEGREES), critical);
  const criticalThen = later === 0 ? critical : known + (critical - known) * Math.min(degrees / later, 1);
  const distance = Math.abs(Math.abs(value) - threshold);
  return distance - criticalThen * Math.sqrt(error) - normalQuantile(chance) * Math.sqrt(Math.max(move, 0));
};

/** The chance of a decision that makes it probable. */
const PROBABLE = 0.8;

/**
 * The least number of seeds, for every candidate of the contrast that has fewer, that would decide it with 80 % chance; null where not
 * even `limit` would, or where nothing is known about seeds.
 */
export const seedsNeeded = (
  posterior: AccuracyPosterior,
  question: Question,
  family: FamilyLevel,
  limit: number,
): number | null => {
  if (posterior.seedVariances === null) return null;
  const fewest = question.contrast.reduce(
    (least, [c]) => Math.min(least, posterior.trials[c] ?? 0),
    Number.POSITIVE_INFINITY,
  );
  for (let count = fewest + 1; count <= limit; count += 1) {
    const trialsOf = (c: number) => Math.max(posterior.trials[c] ?? 0, count);
    if (surplus(posterior, question, family, { trialsOf, chance: PROBABLE }) >= 0) return count;
  }
  return null;
};
