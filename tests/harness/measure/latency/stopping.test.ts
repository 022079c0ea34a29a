import { describe, expect, it } from 'vitest';
import { isDecidedEarly } from '../../../../harness/measure/latency/stopping.js';
import { judgeFamily } from '../../../../harness/stats/family.js';
import { ALPHA } from '../../../../harness/stats/inference.js';
import { earlyLooks, lookLevels } from '../../../../harness/stats/looks.js';
import { logContrast, type Rounds, roundsInference } from '../../../../harness/stats/rounds.js';
import { verdictOf } from '../../../../harness/stats/verdict.js';
import { normalSource } from '../../../support/simulation.js';

const THRESHOLD = 0.01;
const SESSIONS = 12;

/** Sessions of three rounds around a time, with a spread between sessions. */
const session = (normal: () => number, ms: number, spread: number): readonly number[] => {
  const level = ms * (1 + spread * normal());
  return Array.from({ length: 3 }, () => level * (1 + spread * normal()));
};

const measured = (ms: number, spread: number, seed: number, sessions = SESSIONS): Rounds => {
  const normal = normalSource(seed);
  return Array.from({ length: sessions }, () => session(normal, ms, spread));
};

describe('isDecidedEarly', () => {
  const isEnough = isDecidedEarly(THRESHOLD, SESSIONS + 1);

  it.each([
    ['clear differences and a quiet control', [10, 11, 12], 10, 0.001, true],
    ['clear ties and a quiet control', [10, 10, 10], 10, 0.001, true],
    ['one pair at the edge of the threshold', [10, 11, 11.11], 10, 0.001, false],
    ['noise', [10, 11], 10, 0.03, false],
    ['a control that differs from its reference', [10, 11], 10.5, 0.001, false],
    ['nothing that works', [], 10, 0.001, false],
  ])('says of %s whether that is enough', (_what, times, control, spread, enough) => {
    const contenders = times.map((ms, i) => measured(ms, spread, i));
    expect(isEnough(contenders, measured(control, spread, 9))).toBe(enough);
  });

  it('asks more of few sessions', () => {
    const look = isDecidedEarly(THRESHOLD, 30);
    const enough = (sessions: number) =>
      look([measured(10, 0.002, 1, sessions)], measured(10, 0.002, 2, sessions));
    expect(enough(3)).toBe(false);
    expect(enough(20)).toBe(true);
  });

  it('looks from the third session on, and not after the last', () => {
    const looks = (done: number, sessions: number) =>
      isDecidedEarly(0.5, sessions)([measured(10, 0.001, 1, done)], measured(10, 0.001, 2, done));
    expect([1, 2, 3, 4, 5].map((done) => looks(done, 5))).toEqual([false, false, true, true, false]);
    expect(looks(3, 3)).toBe(false);
  });
});

describe('measurements that end when they have told enough', () => {
  const SIMULATIONS = 2000;

  const difference = (one: Rounds, other: Rounds) =>
    roundsInference(
      logContrast([
        { weight: 1, rounds: one },
        { weight: -1, rounds: other },
      ]),
    );

  /** Four networks of these times and the control, each session judged as it comes. */
  const measureUntilEnough = (
    normal: () => number,
    times: readonly number[],
    spread: number,
  ): readonly Rounds[] => {
    const all: (readonly number[])[][] = [...times, times[0] ?? 1].map(() => []);
    const isEnough = isDecidedEarly(THRESHOLD, SESSIONS);
    for (let s = 0; s < SESSIONS; s += 1) {
      all.forEach((rounds, i) => void rounds.push(session(normal, times[i] ?? times[0] ?? 1, spread)));
      if (isEnough(all.slice(0, -1), all.at(-1) ?? [])) break;
    }
    return all;
  };

  it.each([0.002, 0.004])('still hold the level of their intervals where sessions vary by %f', (spread) => {
    const normal = normalSource(6);
    let [covered, early] = [0, 0];
    for (let i = 0; i < SIMULATIONS; i += 1) {
      const [one = [], other = []] = measureUntilEnough(normal, [1, 1.03], spread);
      const [low, high] = difference(other, one).interval(ALPHA);
      if (low <= Math.log(1.03) && Math.log(1.03) <= high) covered += 1;
      if (one.length < SESSIONS) early += 1;
    }
    expect(covered / SIMULATIONS).toBeGreaterThanOrEqual(0.93);
    expect(covered / SIMULATIONS).toBeLessThanOrEqual(0.97);
    expect(early).toBeGreaterThan(0);
  });

  const { last } = lookLevels(earlyLooks(SESSIONS));

  /** The share of families with a verdict that is not that of the true times. */
  const shareFalse = (times: readonly number[], threshold: number, spread: number): number => {
    const normal = normalSource(7);
    const limits = { within: Math.log1p(threshold), beyond: Math.log1p(threshold) };
    const pairs = times.flatMap((one, i) =>
      times.slice(i + 1).map((other, k) => ({ one, other, i, j: i + 1 + k })),
    );
    let wrong = 0;
    for (let s = 0; s < SIMULATIONS; s += 1) {
      const measured = measureUntilEnough(normal, times, spread);
      const judged = judgeFamily(
        pairs.map(({ i, j }) => ({
          inference: difference(measured[i] ?? [], measured[j] ?? []),
          limits,
          direction: 'lower-is-better',
        })),
        last,
      );
      const isFalse = pairs.some(({ one, other }, p) => {
        const truth = Math.log(one / other);
        const state = judged[p]?.state ?? 'undecided';
        return state !== 'undecided' && state !== verdictOf([truth, truth], limits, 'lower-is-better');
      });
      if (isFalse) wrong += 1;
    }
    return wrong / SIMULATIONS;
  };

  it.each([
    ['equal networks, whatever the threshold', [1, 1, 1, 1], 0, 0.004],
    ['networks at the very edge of the threshold', [1, 1.0099, 1.0101 * 1.01], THRESHOLD, 0.001],
    ['networks far apart, two of them at the edge', [1, 1.05, 1.0605], THRESHOLD, 0.002],
  ])('say something false of %s in at most one of twenty', (_what, times, threshold, spread) => {
    expect(shareFalse(times, threshold, spread)).toBeLessThanOrEqual(ALPHA);
  });
});
