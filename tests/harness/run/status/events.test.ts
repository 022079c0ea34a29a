import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { trainingClock } from '../../../../harness/run/status/events.js';

const WEIGHTS = new Map([
  ['a', 100],
  ['b', 300],
  ['c', 600],
]);

const clockFrom = (done: readonly string[] = [], weights: ReadonlyMap<string, number> = WEIGHTS) => {
  let ms = 5_000;
  const clock = trainingClock(weights, done, () => ms);
  return (seconds: number, key: string, share: number) => {
    ms = 5_000 + 1000 * seconds;
    return clock.advance(key, share);
  };
};

describe('the training clock', () => {
  it('weighs trials by their cost', () => {
    const at = clockFrom();
    expect(at(10, 'a', 1)).toEqual({ kind: 'training', share: 0.1, secondsLeft: 90 });
    expect(at(40, 'b', 1)).toEqual({ kind: 'training', share: 0.4, secondsLeft: 60 });
    expect(at(70, 'c', 0.5)).toEqual({ kind: 'training', share: 0.7, secondsLeft: 30 });
    expect(at(100, 'c', 1)).toEqual({ kind: 'training', share: 1, secondsLeft: 0 });
  });

  it('counts what was done before as done, not as speed', () => {
    const at = clockFrom(['c']);
    expect(at(10, 'a', 1)).toEqual({ kind: 'training', share: 0.7, secondsLeft: 30 });
  });

  it('does not guess before it has seen something', () => {
    expect(clockFrom()(1, 'a', 1).secondsLeft).toBeNull();
    expect(clockFrom()(60, 'a', 0).secondsLeft).toBeNull();
  });

  it('is right about any steady progress', () => {
    const weights = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(weights, fc.double({ min: 0.1, max: 50, noNaN: true }), (all, speed) => {
        const total = all.reduce((sum, weight) => sum + weight, 0);
        const at = clockFrom([], new Map(all.map((weight, i) => [`${i}`, weight])));
        let done = 0;
        all.forEach((weight, i) => {
          done += weight;
          const { share, secondsLeft } = at(3 + done / speed, `${i}`, 1);
          expect(share).toBeCloseTo(done / total, 10);
          expect(secondsLeft).toBeCloseTo(((total - done) * (3 + done / speed)) / done, 6);
        });
      }),
    );
  });
});
