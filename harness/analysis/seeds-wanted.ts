/** Where seeds are added until all is decided: of which candidates, after this look. */
import type { Run } from '../../results/run/run.js';
import type { Contrast } from '../stats/accuracy/contrasts.js';
import { isDecidable } from '../stats/accuracy/looks.js';
import { nextTrials } from '../stats/accuracy/next-trials.js';
import { claimedPairs, membersOf, readClaims } from './claims.js';
import { comparableGroups } from './comparable/comparable.js';
import { rankable } from './comparable/equal-costs.js';
import { isSameNetwork, type Pair, pairsOf } from './comparisons.js';
import {
  type Accuracies,
  accuraciesOf,
  familyLevel,
  judgeAccuracies,
  placed,
  RECOMMENDED_SEEDS,
  trainedOf,
} from './evidence/accuracy.js';
import { difference } from './evidence/evidence.js';

export interface SeedLimits {
  /** Of a candidate. */
  readonly maxSeeds: number;
  /** What may be spent until the next look, in training MACs for one image; trials weigh by them. */
  readonly budget: number;
}

/**
 * By candidate, how many trials the plan should have of it: more than it has where an accuracy of a pair or of a claim is undecided and
 * would probably be decided within the limits; the cheapest decisions first. Empty where nothing is worth a trial, or affordable.
 */
export const seedsWanted = (run: Run, { maxSeeds, budget }: SeedLimits): ReadonlyMap<string, number> => {
  const { candidates, trials } = run.plan;
  const trained = trainedOf(run);
  const groups = comparableGroups(candidates);
  const claimed = claimedPairs(readClaims(run.plan.claims, candidates), 'top1');
  const families = [
    ...groups.map((group) => ({
      names: group.map(({ name }) => name),
      pairs: rankable(pairsOf(group)),
    })),
    { names: membersOf(claimed, groups), pairs: claimed },
  ];
  const costs = new Map(candidates.map(({ name, costs: { train } }) => [name, Math.max(train.macs, 1)]));
  const planned = new Map<string, number>();
  for (const { candidate } of trials) planned.set(candidate, (planned.get(candidate) ?? 0) + 1);
  const wanted = new Map<string, number>();
  let left = budget;
  for (const { names, pairs } of families) {
    const accuracies = accuraciesOf(trained, names);
    if (accuracies === null) continue;
    const more = moreTrials(accuracies, pairs, { costs, maxSeeds, budget: left });
    for (const [name, count] of more) {
      const seeds = Math.min((planned.get(name) ?? 0) + count, maxSeeds);
      const added = seeds - Math.max(wanted.get(name) ?? 0, planned.get(name) ?? 0);
      if (added <= 0) continue;
      wanted.set(name, seeds);
      left -= added * (costs.get(name) ?? 1);
    }
  }
  return wanted;
};

/** By candidate, how many trials it should have beyond those it has. */
const moreTrials = (
  accuracies: Accuracies,
  pairs: readonly Pair[],
  { costs, maxSeeds, budget }: SeedLimits & { readonly costs: ReadonlyMap<string, number> },
): ReadonlyMap<string, number> => {
  const { last, places, alpha, threshold } = accuracies;
  const contrasts = pairs.flatMap((pair): Contrast[] => {
    const contrast = isSameNetwork(pair) ? null : placed(accuracies, difference(pair[0].name, pair[1].name));
    return contrast === null ? [] : [contrast];
  });
  const open = judgeAccuracies(accuracies, contrasts).flatMap(({ effect, verdict }, k) =>
    verdict.state === 'undecided' ? [{ contrast: contrasts[k] ?? [], value: effect, threshold }] : [],
  );
  const costOf = [...places.keys()].map((name) => costs.get(name) ?? 1);
  let left = budget;
  const unknown = new Map<number, number>();
  for (const place of new Set(open.flatMap(({ contrast }) => contrast.map(([one]) => one)))) {
    const count = last.trials[place] ?? 0;
    const missing = Math.min(RECOMMENDED_SEEDS, maxSeeds) - count;
    const cost = missing * (costOf[place] ?? 1);
    if (isDecidable(last, [[place, 1]]) || missing <= 0 || cost > left) continue;
    unknown.set(place, missing);
    left -= cost;
  }
  const next = nextTrials(
    last,
    open.filter(({ contrast }) => isDecidable(last, contrast)),
    familyLevel(last, contrasts, alpha),
    { costs: costOf, mostSeeds: maxSeeds, budget: left },
  );
  return new Map(
    [...places].flatMap(([name, place]) => {
      const more = unknown.get(place) ?? (next[place] ?? 0) - (last.trials[place] ?? 0);
      return more > 0 ? [[name, more] as const] : [];
    }),
  );
};
