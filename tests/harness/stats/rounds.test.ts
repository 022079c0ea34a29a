import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALPHA } from '../../../harness/stats/inference.js';
import { logContrast, type Rounds, roundsInference } from '../../../harness/stats/rounds.js';
import { seededRandom } from '../../support/random.js';
import { normalSource } from '../../support/simulation.js';

describe('roundsInference', () => {
  it('is the t interval of session medians, worked by hand', () => {
    // Medians 1, 2 and 6: mean 3, variance 7, t(2) = 4.3027.
    const { value, units, interval } = roundsInference([
      [1, 0, 9],
      [2, 2],
      [5, 7, 6],
    ]);
    expect([value, units]).toEqual([3, 3]);
    expect(interval(0.05)[1] - 3).toBeCloseTo(4.3027 * Math.sqrt(7 / 3), 3);
  });

  it('takes order statistics of the rounds where there is one session', () => {
    // Of 10 rounds below the median with chance 1/2, 2 or more with chance 0.989: the second least and the second greatest.
    const { value, interval, predict } = roundsInference([[10, 9, 8, 7, 6, 5, 4, 3, 2, 1]]);
    expect(value).toBe(5.5);
    expect(interval(0.05)).toEqual([2, 9]);
    expect(predict).toBeNull();
  });

  it('holds the median of one session, however few the rounds', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.1, max: 9, noNaN: true }), { minLength: 1, maxLength: 30 }),
        (rounds) => {
          const { value, interval } = roundsInference([rounds]);
          const [low, high] = interval(ALPHA);
          expect(low).toBeLessThanOrEqual(value);
          expect(high).toBeGreaterThanOrEqual(value);
        },
      ),
    );
  });
});

describe('logContrast', () => {
  it('is the log ratio of two series, round by round', () => {
    const contrast = logContrast([
      { weight: 1, rounds: [[2, 4], [6]] },
      { weight: -1, rounds: [[1, 8], [6]] },
    ]);
    expect(contrast).toEqual([[Math.log(2), expect.closeTo(Math.log(0.5), 12)], [0]]);
  });

  it.each<[string, Rounds]>([
    ['sessions', [[1, 2]]],
    ['rounds', [[1], [2]]],
  ])('refuses series of other %s', (_what, rounds) => {
    const first = { weight: 1, rounds: [[1, 2], [3]] };
    expect(() => logContrast([first, { weight: -1, rounds }])).toThrow(RangeError);
  });
});

describe('coverage of the log ratio of two networks', () => {
  const SIMULATIONS = 2000;

  /** A difference that lasts for a session, and noise of single rounds; every tenth round of either network is disturbed by 15 %. */
  const simulate = (
    normal: () => number,
    uniform: () => number,
    { sessions, rounds, sessionSpread }: { sessions: number; rounds: number; sessionSpread: number },
  ): Rounds => {
    const noise = () => 0.007 * normal() - (uniform() < 0.1 ? 0.15 * Math.log(1 - uniform()) : 0);
    return Array.from({ length: sessions }, () => {
      const session = sessionSpread * normal();
      return Array.from({ length: rounds }, () => session + noise() - noise());
    });
  };

  it.each([
    [4, 10, 0.001],
    [4, 10, 0.005],
    [5, 8, 0.001],
    [5, 8, 0.005],
    [8, 5, 0.001],
    [8, 5, 0.005],
    [10, 8, 0.001],
    [10, 8, 0.005],
  ])('is 93 to 97 % in %i sessions of %i rounds that vary by %f', (sessions, rounds, sessionSpread) => {
    const [normal, uniform] = [normalSource(1), seededRandom(2)];
    let covered = 0;
    for (let i = 0; i < SIMULATIONS; i += 1) {
      const [low, high] = roundsInference(
        simulate(normal, uniform, { sessions, rounds, sessionSpread }),
      ).interval(ALPHA);
      if (low <= 0 && 0 <= high) covered += 1;
    }
    expect(covered / SIMULATIONS).toBeGreaterThanOrEqual(0.93);
    expect(covered / SIMULATIONS).toBeLessThanOrEqual(0.97);
  });
});
