import { describe, expect, it } from 'vitest';
import { isDecidedEarly } from '../../../harness/measure/stopping.js';
import { judgeFamily } from '../../../harness/stats/family.js';
import { ALPHA } from '../../../harness/stats/inference.js';
import { logContrast, type Rounds, roundsInference } from '../../../harness/stats/rounds.js';
import { NO_DIFFERENCE } from '../../../harness/stats/verdict.js';
import { normalSource } from '../../support/simulation.js';

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
  const isEnough = isDecidedEarly(THRESHOLD);

  it.each([
    ['clear differences and a quiet control', [10, 11, 12], 10, 0.001, true],
    ['clear ties and a quiet control', [10, 10, 10], 10, 0.001, true],
    ['one pair at the edge of the threshold', [10, 11, 11.11], 10, 0.001, false],
    ['noise', [10, 11], 10, 0.03, false],
    ['a control that differs from its reference', [10, 11], 10.5, 0.001, false],
    ['nothing that works', [], 10, 0.001, true],
  ])('says of %s whether that is enough', (_what, times, control, spread, enough) => {
    const contenders = times.map((ms, i) => measured(ms, spread, i));
    expect(isEnough(contenders, measured(control, spread, 9))).toBe(enough);
  });

  it('asks more of few sessions', () => {
    const enough = (sessions: number) =>
      isEnough([measured(10, 0.002, 1, sessions)], measured(10, 0.002, 2, sessions));
    expect(enough(3)).toBe(false);
    expect(enough(20)).toBe(true);
  });
});

describe('measurements that end when they have told enough', () => {
  const SIMULATIONS = 1000;

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
    const isEnough = isDecidedEarly(THRESHOLD);
    for (let s = 0; s < SESSIONS; s += 1) {
      all.forEach((rounds, i) => void rounds.push(session(normal, times[i] ?? times[0] ?? 1, spread)));
      if (s >= 2 && isEnough(all.slice(0, -1), all.at(-1) ?? [])) break;
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

  it('rank equal networks in at most one of twenty', () => {
    const normal = normalSource(7);
    let ranked = 0;
    for (let i = 0; i < SIMULATIONS; i += 1) {
      const [a = [], b = [], c = []] = measureUntilEnough(normal, [1, 1, 1], 0.004);
      const judged = judgeFamily(
        [difference(a, b), difference(a, c), difference(b, c)].map((inference) => ({
          inference,
          limits: NO_DIFFERENCE,
          direction: 'lower-is-better',
        })),
      );
      if (judged.some(({ state }) => state !== 'undecided')) ranked += 1;
    }
    expect(ranked / SIMULATIONS).toBeLessThanOrEqual(0.05);
  });
});
