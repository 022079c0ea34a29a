import { describe, expect, it } from 'vitest';
import { nextTrials } from '../../../../harness/stats/accuracy/next-trials.js';
import { trialPosterior } from '../../../../harness/stats/accuracy/posterior.js';
import { ALPHA } from '../../../../harness/stats/inference.js';
import { groupSource } from '../../../support/group-simulation.js';

const candidates = 5;
const seeds = 4;
const posterior = trialPosterior(groupSource({ candidates, seeds, scenario: 'equal spreads' })());
const family = { alpha: ALPHA, members: 10, critical: 4 };
const question = (one: number, other: number, value: number) => ({
  contrast: [
    [one, 1],
    [other, -1],
  ] as const,
  value,
  threshold: 0.002,
});
const means = { costs: [1, 1, 1, 1, 1], mostSeeds: 12, budget: Number.POSITIVE_INFINITY };
const added = (counts: readonly number[]): readonly number[] => counts.map((count) => count - seeds);

describe('nextTrials', () => {
  it('gives seeds to candidates of open pairs alone, and no more than half as many again', () => {
    const more = added(nextTrials(posterior, [question(0, 1, 0.006)], family, means));
    expect(Math.max(...more)).toBeGreaterThan(0);
    expect(Math.max(...more)).toBeLessThanOrEqual(seeds / 2);
    expect(more.slice(2)).toEqual([0, 0, 0]);
  });

  it('gives none to a pair that no number of seeds would decide, nor where all is decided', () => {
    expect(added(nextTrials(posterior, [question(0, 1, 0.002)], family, means))).toEqual([0, 0, 0, 0, 0]);
    expect(added(nextTrials(posterior, [], family, means))).toEqual([0, 0, 0, 0, 0]);
  });

  it('gives most to the candidate that most pairs wait for', () => {
    const hub = [1, 2, 3, 4].map((other) => question(0, other, 0.007));
    const [most = 0, ...others] = added(nextTrials(posterior, hub, family, { ...means, budget: 2 }));
    expect(most).toBeGreaterThanOrEqual(1);
    expect(most).toBeGreaterThanOrEqual(Math.max(...others));
  });

  it('decides the cheapest first where the budget ends, and keeps within it', () => {
    const costs = [10, 10, 1, 1, 1];
    const open = [question(0, 1, 0.006), question(2, 3, 0.006)];
    const more = added(nextTrials(posterior, open, family, { ...means, costs, budget: 3 }));
    expect(more[0]).toBe(0);
    expect((more[2] ?? 0) + (more[3] ?? 0)).toBeGreaterThan(0);
    expect(more.reduce((sum, count, c) => sum + count * (costs[c] ?? 0), 0)).toBeLessThanOrEqual(3);
  });

  it('stops at the most seeds', () => {
    const counts = nextTrials(posterior, [question(0, 1, 0.02)], family, { ...means, mostSeeds: 5 });
    expect(Math.max(...counts)).toBeLessThanOrEqual(5);
  });
});
