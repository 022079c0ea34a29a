import type { Analysis } from './analysis.js';

/**
 * For every candidate with an undecided pair on top-1, the number of seeds that would probably decide all of its pairs that can be
 * decided within `maxSeeds`. Pairs beyond that are left undecided.
 */
export const seedsWanted = ({ groups }: Analysis, maxSeeds: number): ReadonlyMap<string, number> => {
  const wanted = new Map<string, number>();
  for (const { metric, candidate, reference, verdict } of groups.flatMap(({ comparisons }) => comparisons)) {
    if (metric !== 'top1' || verdict.state !== 'undecided') continue;
    if (verdict.needed === null || verdict.needed.count > maxSeeds) continue;
    for (const name of [candidate, reference]) {
      wanted.set(name, Math.max(wanted.get(name) ?? 0, verdict.needed.count));
    }
  }
  return wanted;
};
