/**
 * Where the next trials are worth most: of the questions that are still open, those that more seeds would probably decide, cheapest
 * first.
 */
import type { Contrast } from './contrasts.js';
import type { AccuracyPosterior } from './posterior.js';
import { type FamilyLevel, type Question, surplus } from './prediction.js';

export interface Means {
  /** Of one trial of each candidate, in any unit; positive. */
  readonly costs: readonly number[];
  /** Most trials of a candidate. */
  readonly mostSeeds: number;
  /** What may be spent until the next look, in the unit of the costs. */
  readonly budget: number;
}

/** A question is pursued where it would be decided with this chance if its candidates had all the seeds that they may have. */
const PURSUED = 0.3;

/** A question waits for the next look where it would then be decided with this chance. */
const WAITS = 0.5;

/** Looks come often, so that what is decided, or turns out to be hopeless, costs no more: with half as many trials again, at most. */
const GROWTH = 0.5;

/**
 * By candidate, how many trials it should have at the next look; as many as it has where nothing open is worth its cost. A trial that
 * brings several questions forward is made once: each next one is that which takes most from the variances of the pursued questions, as
 * shares, for its cost.
 */
export const nextTrials = (
  posterior: AccuracyPosterior,
  open: readonly Question[],
  family: FamilyLevel,
  { costs, mostSeeds, budget }: Means,
): readonly number[] => {
  const { seedVariances, trials } = posterior;
  const counts = Array.from(trials);
  if (seedVariances === null) return counts;
  const countOf = (c: number): number => counts[c] ?? 0;
  const isProbable = (question: Question, trialsOf: (c: number) => number, chance: number): boolean =>
    surplus(posterior, question, family, { trialsOf, chance }) >= 0;
  const isUntouched = ({ contrast }: Question): boolean => contrast.every(([c]) => countOf(c) === trials[c]);
  const most = (c: number): number => Math.min(mostSeeds, Math.ceil((1 + GROWTH) * (trials[c] ?? 0)));

  let left = budget;
  let pursued = open.filter((question) =>
    isProbable(question, (c) => Math.max(countOf(c), mostSeeds), PURSUED),
  );
  for (;;) {
    pursued = pursued.filter((question) => isUntouched(question) || !isProbable(question, countOf, WAITS));
    const gains = new Map<number, number>();
    for (const { contrast } of pursued) {
      for (const { candidate, gain } of gainsOf(contrast, seedVariances, counts)) {
        const cost = costs[candidate] ?? 0;
        if (countOf(candidate) >= most(candidate) || cost > left) continue;
        gains.set(candidate, (gains.get(candidate) ?? 0) + gain / cost);
      }
    }
    const [best] = [...gains].sort(([a, one], [b, other]) => other - one || a - b);
    if (best === undefined) return counts;
    const [candidate] = best;
    counts[candidate] = countOf(candidate) + 1;
    left -= costs[candidate] ?? 0;
  }
};

/** By candidate of a contrast, the share of its variance between seeds that one more trial takes away. */
const gainsOf = (contrast: Contrast, seedVariances: Float64Array, counts: readonly number[]) => {
  const parts = contrast.map(([candidate, weight]) => {
    const count = counts[candidate] ?? 1;
    return { candidate, count, variance: (weight ** 2 * (seedVariances[candidate] ?? 0)) / count };
  });
  const total = parts.reduce((sum, { variance }) => sum + variance, 0);
  return parts.map(({ candidate, count, variance }) => ({ candidate, gain: variance / (count + 1) / total }));
};
