import { describe, expect, it } from 'vitest';
import { analyse } from '../../../harness/analysis/analyse.js';
import { seedsWanted } from '../../../harness/analysis/seeds-wanted.js';
import type { Run } from '../../../results/run/run.js';
import { type MeasuredCandidate, measuredRun } from '../../support/measured-run.js';
import { normalSource, simulateCorrect } from '../../support/simulation.js';

const networks = (gains: readonly number[], seeds: number): readonly MeasuredCandidate[] =>
  simulateCorrect(normalSource(1), { seedSpread: 0.03, gains }, { seeds, images: 2000 }).map(
    (correct, i) => ({
      name: 'abcdef'.charAt(i),
      correct,
    }),
  );

/** b is a little better than a and c: told apart by a few seeds more. */
const close = (seeds = 3): Run => measuredRun({ candidates: networks([0, 0.1, 0], seeds) });

const FREE = Number.POSITIVE_INFINITY;

const costOf = (run: Run, name: string): number =>
  run.plan.candidates.find((one) => one.name === name)?.costs.train.macs ?? 0;

describe('seeds wanted', () => {
  it('are more than there are, up to the most, for candidates of open pairs', () => {
    const run = close();
    const wanted = seedsWanted(run, { maxSeeds: 10, budget: FREE });
    expect(wanted.size).toBeGreaterThan(0);
    for (const [name, count] of wanted) {
      expect(count).toBeGreaterThan(3);
      expect(count).toBeLessThanOrEqual(10);
      const isOpen = analyse(run).groups.some(({ comparisons }) =>
        comparisons.some(
          ({ metric, candidate, reference, verdict }) =>
            metric === 'top1' && verdict.state === 'undecided' && [candidate, reference].includes(name),
        ),
      );
      expect(isOpen).toBe(true);
    }
  });

  it('are none where all is decided, or the most are there', () => {
    const apart = measuredRun({ candidates: networks([0, 1, 2], 4) });
    expect(seedsWanted(apart, { maxSeeds: 10, budget: FREE }).size).toBe(0);
    expect(seedsWanted(close(), { maxSeeds: 3, budget: FREE }).size).toBe(0);
  });

  it('cost no more than there is to spend', () => {
    const run = close();
    const all = [...seedsWanted(run, { maxSeeds: 10, budget: FREE })];
    const spent = (wanted: Iterable<readonly [string, number]>): number =>
      [...wanted].reduce((sum, [name, count]) => sum + (count - 3) * costOf(run, name), 0);
    for (let budget = 0; budget <= spent(all); budget += costOf(run, 'a') / 2) {
      expect(spent(seedsWanted(run, { maxSeeds: 10, budget }))).toBeLessThanOrEqual(budget);
    }
  });

  it('are three where there is one, for nothing is known of seeds', () => {
    const wanted = seedsWanted(close(1), { maxSeeds: 10, budget: FREE });
    expect(Object.fromEntries(wanted)).toEqual({ a: 3, b: 3, c: 3 });
    expect([...seedsWanted(close(1), { maxSeeds: 2, budget: FREE }).values()]).toEqual([2, 2, 2]);
  });

  it('are of claims too, also between groups', () => {
    const [a, b] = networks([0, 0.1], 3);
    const run = (claims: readonly string[]) =>
      measuredRun({
        candidates: [
          { ...a, name: 'a' },
          { ...b, name: 'b', record: { group: 'network' } },
          { ...a, name: 'another block in the skeleton of a', correct: [] },
        ],
        claims,
      });
    const limits = { maxSeeds: 10, budget: FREE };
    expect(seedsWanted(run([]), limits).size).toBe(0);
    expect(seedsWanted(run(['accuracy(b) > accuracy(a)']), limits).size).toBeGreaterThan(0);
  });
});
