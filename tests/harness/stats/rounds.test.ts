import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALPHA } from '../../../harness/stats/inference.js';
import { logContrast, type Rounds, roundsInference } from '../../../harness/stats/rounds.js';
import { seededRandom } from '../../support/random.js';
import { type LatencyModel, normalSource, simulateRounds } from '../../support/simulation.js';

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

  it('is hardly moved by a session in which another program ran', () => {
    const quiet = Array.from({ length: 11 }, (_, s) => [1 + 0.001 * s]);
    const { value, interval } = roundsInference([...quiet, [2]]);
    expect(value).toBeCloseTo(1.0055, 3);
    expect(interval(0.05)[1]).toBeLessThan(1.02);
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

  const coverage = (model: LatencyModel): number => {
    const [normal, uniform] = [normalSource(1), seededRandom(2)];
    let covered = 0;
    for (let i = 0; i < SIMULATIONS; i += 1) {
      const [one = [], other = []] = simulateRounds(normal, uniform, [10, 10.3], model);
      const [low, high] = roundsInference(
        logContrast([
          { weight: 1, rounds: other },
          { weight: -1, rounds: one },
        ]),
      ).interval(ALPHA);
      if (low <= Math.log(1.03) && Math.log(1.03) <= high) covered += 1;
    }
    return covered / SIMULATIONS;
  };

  const models = [2, 3, 4, 5, 6, 10, 12].flatMap((sessions) =>
    [0, 0.001, 0.005].map((sessionSpread) => ({ sessions, sessionSpread, rounds: 10 })),
  );

  it.each([...models, { sessions: 10, sessionSpread: 0.005, rounds: 3 }])(
    'is 93 to 97 % in $sessions sessions of $rounds rounds that vary by $sessionSpread',
    (model) => {
      const share = coverage(model);
      expect(share).toBeGreaterThanOrEqual(0.93);
      expect(share).toBeLessThanOrEqual(0.97);
    },
  );

  it.each(models)(
    'is not less in $sessions sessions that vary by $sessionSpread where every fifth is disturbed',
    (model) => {
      expect(coverage({ ...model, disturbedSessions: 0.2 })).toBeGreaterThanOrEqual(0.93);
    },
  );
});
