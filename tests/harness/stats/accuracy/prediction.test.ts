import { describe, expect, it } from 'vitest';
import { contrastFamily } from '../../../../harness/stats/accuracy/contrasts.js';
import { trialPosterior } from '../../../../harness/stats/accuracy/posterior.js';
import { type Question, seedsNeeded, surplus } from '../../../../harness/stats/accuracy/prediction.js';
import { ALPHA } from '../../../../harness/stats/inference.js';
import { verdictOf } from '../../../../harness/stats/verdict.js';
import { groupSource, oneBetter } from '../../../support/group-simulation.js';

const contrast = [
  [3, 1],
  [0, -1],
] as const;
const limits = { within: 0.002, beyond: 0.002 };

describe('seedsNeeded', () => {
  const draw = groupSource({ candidates: 4, seeds: 3, scenario: 'equal spreads' });
  const posterior = trialPosterior(draw());
  const { critical } = contrastFamily(posterior, [contrast], ALPHA);
  const family = { alpha: ALPHA, members: 1, critical };
  const needed = (value: number, limit = 200) =>
    seedsNeeded(posterior, { contrast, value, threshold: limits.within }, family, limit);

  it('needs fewer the farther a difference is from its threshold, on either side', () => {
    expect(needed(0.02) ?? 0).toBeLessThanOrEqual(needed(0.008) ?? 0);
    expect(needed(0.008) ?? 0).toBeLessThan(needed(0.0035) ?? 0);
    expect(needed(-0.02)).toBe(needed(0.02));
    expect(needed(0.002)).toBeNull();
  });

  it('needs more than there are, and no more than the limit', () => {
    expect(needed(0.5)).toBe(4);
    expect(needed(0.0035, 4)).toBeNull();
  });

  it('knows nothing where nothing is known about seeds', () => {
    const single = trialPosterior(groupSource({ candidates: 4, seeds: 1, scenario: 'equal spreads' })());
    expect(seedsNeeded(single, { contrast, value: 0.1, threshold: 0 }, family, 100)).toBeNull();
  });

  it('is kept: of differences that it says so many seeds would decide, most are', () => {
    const most = 40;
    const source = groupSource({
      candidates: 4,
      seeds: most,
      scenario: 'equal spreads',
      gains: oneBetter(4, 0.007),
    });
    let [promised, kept] = [0, 0];
    for (let i = 0; i < 150; i += 1) {
      const all = source();
      const upTo = (seeds: number) =>
        trialPosterior({
          ...all,
          seeds,
          top1: all.top1.filter((_, at) => at % most < seeds),
        });
      const now = upTo(3);
      const judged = contrastFamily(now, [contrast], ALPHA);
      const [{ value, interval } = { value: 0, interval: [0, 0] as const }] = judged.estimates;
      if (verdictOf(interval, limits, 'higher-is-better') !== 'undecided') continue;
      const question: Question = { contrast, value, threshold: limits.within };
      const count = seedsNeeded(now, question, { alpha: ALPHA, members: 1, critical: judged.critical }, most);
      if (count === null) continue;
      promised += 1;
      const [{ interval: then } = { interval: [0, 0] as const }] = contrastFamily(
        upTo(count),
        [contrast],
        ALPHA,
      ).estimates;
      if (verdictOf(then, limits, 'higher-is-better') !== 'undecided') kept += 1;
    }
    expect(promised).toBeGreaterThan(30);
    expect(kept / promised).toBeGreaterThan(0.65);
  });
});

describe('surplus', () => {
  it('is greater with more trials, and where less certainty is asked for', () => {
    const posterior = trialPosterior(groupSource({ candidates: 4, seeds: 3, scenario: 'equal spreads' })());
    const question = { contrast, value: 0.006, threshold: 0.002 };
    const at = (count: number, chance: number) =>
      surplus(
        posterior,
        question,
        { alpha: ALPHA, members: 6, critical: 4 },
        { trialsOf: () => count, chance },
      );
    expect(at(8, 0.8)).toBeGreaterThan(at(4, 0.8));
    expect(at(8, 0.5)).toBeGreaterThan(at(8, 0.8));
    expect(at(8, 0.3)).toBeGreaterThan(at(8, 0.5));
  });
});
