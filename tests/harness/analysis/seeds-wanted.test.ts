import { describe, expect, it } from 'vitest';
import type { Comparison, Verdict } from '../../../harness/analysis/analysis.js';
import { seedsWanted } from '../../../harness/analysis/seeds-wanted.js';
import { analysisFixture } from '../../support/analysis-fixture.js';
import { runFixture } from '../../support/run-fixture.js';

const analysis = analysisFixture(runFixture().run);
const [group] = analysis.groups;

const pair = (
  candidate: string,
  reference: string,
  verdict: Verdict,
  metric: Comparison['metric'] = 'top1',
): Comparison => ({
  metric,
  candidate,
  reference,
  effect: 0.01,
  interval: [-0.01, 0.03],
  threshold: 0.002,
  verdict,
});

const undecided = (count: number | null): Verdict => ({
  state: 'undecided',
  needed: count === null ? null : { unit: 'seeds', count },
});

const wanted = (...comparisons: readonly Comparison[]) => {
  if (!group) throw new Error('the fixture has no group');
  return Object.fromEntries(seedsWanted({ ...analysis, groups: [{ ...group, comparisons }] }, 10));
};

describe('seeds wanted', () => {
  it('are those of the pair that needs most, for both of its members', () => {
    expect(wanted(pair('a', 'b', undecided(4)), pair('a', 'c', undecided(7)))).toEqual({ a: 7, b: 4, c: 7 });
  });

  it('are none for what is decided, out of reach, or no accuracy', () => {
    expect(
      wanted(
        pair('a', 'b', { state: 'better' }),
        pair('a', 'c', undecided(11)),
        pair('b', 'c', undecided(null)),
        pair('a', 'd', undecided(5), 'latency'),
      ),
    ).toEqual({});
  });
});
