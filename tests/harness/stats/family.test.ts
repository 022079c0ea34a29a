import { describe, expect, it } from 'vitest';
import { type Difference, judgeFamily } from '../../../harness/stats/family.js';
import { ALPHA, around, type Inference, meanInference, tCritical } from '../../../harness/stats/inference.js';
import { logContrast, roundsInference } from '../../../harness/stats/rounds.js';
import { NO_DIFFERENCE, type VerdictState, verdictOf } from '../../../harness/stats/verdict.js';
import { seededRandom } from '../../support/random.js';
import { normalSource, simulateRounds } from '../../support/simulation.js';

const DEGREES = 1e6;

/** An estimate with a known standard error of 1. */
const estimate = (value: number): Inference => {
  const predict = (_units: number, alpha: number) => ({
    standardError: 1,
    halfWidth: tCritical(alpha, DEGREES),
  });
  return { value, units: 2, predict, interval: (alpha) => around(value, predict(2, alpha).halfWidth) };
};

const member = (inference: Inference, threshold = 0): Difference => ({
  inference,
  limits: { within: threshold, beyond: threshold },
  direction: 'higher-is-better',
});

const statesOf = (members: readonly Difference[]): readonly VerdictState[] =>
  judgeFamily(members).map(({ state }) => state);

describe('judgeFamily', () => {
  it('judges one alone at the full level', () => {
    expect(judgeFamily([member(estimate(2))])).toMatchObject([
      { state: 'better', alpha: 0.05, interval: [expect.closeTo(0.04, 3), expect.closeTo(3.96, 3)] },
    ]);
  });

  it('steps down as Holm does: worked by hand', () => {
    // Two-sided p of 3, 2.3 and 2 are 0.0027, 0.0214 and 0.0455: below 0.05 / 3, 0.05 / 2 and 0.05.
    const judged = judgeFamily([3, 2.3, 2].map((value) => member(estimate(value))));
    expect(judged.map(({ state }) => state)).toEqual(['better', 'better', 'better']);
    expect(judged.map(({ alpha }) => alpha)).toEqual([0.05 / 3, 0.05 / 2, 0.05]);
  });

  it('stops at the first that is not decided', () => {
    // 2.2 has p = 0.0278, above 0.05 / 2: it keeps 2, which alone would be decided, from being judged at 0.05.
    const judged = judgeFamily([-3, 2.2, 2].map((value) => member(estimate(value))));
    expect(judged.map(({ state }) => state)).toEqual(['worse', 'undecided', 'undecided']);
    expect(judged.map(({ alpha }) => alpha)).toEqual([0.05 / 3, 0.05 / 3, 0.05 / 3]);
  });

  it('finds ties by steps of their own', () => {
    const states = statesOf([member(estimate(0), 3), member(estimate(9), 3), member(estimate(2), 3)]);
    expect(states).toEqual(['tie', 'better', 'undecided']);
  });

  it('shows every verdict with an interval that says the same', () => {
    const normal = normalSource(3);
    for (let i = 0; i < 300; i += 1) {
      const members = Array.from({ length: 6 }, () => member(estimate(3 * normal()), 2.5));
      for (const [m, { state, interval }] of judgeFamily(members).entries()) {
        expect(verdictOf(interval, members[m]?.limits ?? NO_DIFFERENCE, 'higher-is-better')).toBe(state);
      }
    }
  });

  it('leaves a member of one unit undecided, whatever its interval', () => {
    expect(statesOf([member(roundsInference([[1, 1, 1, 1]]), 0.1)])).toEqual(['undecided']);
  });

  it('has nothing to say of an empty family', () => {
    expect(judgeFamily([])).toEqual([]);
  });
});

describe('chance of a false statement in a family', () => {
  const SIMULATIONS = 2000;

  const shareFalse = (
    draw: () => readonly { readonly truth: number; readonly difference: Difference }[],
  ): number => {
    let wrong = 0;
    for (let i = 0; i < SIMULATIONS; i += 1) {
      const family = draw();
      const judged = judgeFamily(family.map(({ difference }) => difference));
      const isFalse = (
        { truth, difference }: (typeof family)[number],
        state: VerdictState | undefined,
      ): boolean =>
        state !== 'undecided' && state !== verdictOf([truth, truth], difference.limits, difference.direction);
      if (family.some((one, m) => isFalse(one, judged[m]?.state))) wrong += 1;
    }
    return wrong / SIMULATIONS;
  };

  const pairs = <T>(items: readonly T[]): (readonly [T, T])[] =>
    items.flatMap((one, i) => items.slice(i + 1).map((other) => [one, other] as const));

  const cells = [2, 3, 5, 10].flatMap((units) => [0, 1].map((high) => [units, high] as const));

  it.each([...cells, [6, 1], [12, 0]].map(([sessions = 0, high]) => [sessions, high ? 0.005 : 0.001]))(
    'is at most 5 % where the latencies of six equal networks are compared, %i sessions that vary by %f',
    (sessions, sessionSpread) => {
      const [normal, uniform] = [normalSource(6), seededRandom(7)];
      const model = { sessions, sessionSpread, rounds: 5 };
      const share = shareFalse(() =>
        pairs(simulateRounds(normal, uniform, [1, 1, 1, 1, 1, 1], model)).map(([one, other]) => ({
          truth: 0,
          difference: member(
            roundsInference(
              logContrast([
                { weight: 1, rounds: one },
                { weight: -1, rounds: other },
              ]),
            ),
          ),
        })),
      );
      expect(share).toBeLessThanOrEqual(ALPHA);
    },
  );

  it.each([
    ['equal', [0, 0, 0, 0, 0], 0.01],
    ['some different, one just as much as counts', [0, 0, 0.05, 0.06, 0.15], 0.01],
    ['all just over the threshold', [0, 0.0101, 0.0202, 0.0303, 0.0404], 0.01],
    ['ties at the edge', [0, 0.03, 0.03, 0.06], 0.03],
  ])('is at most 5 % of latencies that are %s', (_what, times, threshold) => {
    const normal = normalSource(5);
    const sessions = 8;
    const share = shareFalse(() => {
      const measured = times.map((time) => Array.from({ length: sessions }, () => time + 0.01 * normal()));
      return pairs(measured.map((values, i) => ({ values, time: times[i] ?? 0 }))).map(([a, b]) => ({
        truth: a.time - b.time,
        difference: {
          inference: meanInference(a.values.map((value, s) => value - (b.values[s] ?? 0))),
          limits: { within: threshold, beyond: threshold },
          direction: 'lower-is-better',
        },
      }));
    });
    expect(share).toBeLessThanOrEqual(ALPHA);
  });
});
