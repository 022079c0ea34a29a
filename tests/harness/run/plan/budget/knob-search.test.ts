import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Tried } from '../../../../../harness/run/plan/budget/budget.js';
import { nearest, nextConfirmed, nextProbe } from '../../../../../harness/run/plan/budget/knob-search.js';

/** Values of a knob, rising, and costs that rise or fall with them. */
const knob = fc
  .tuple(
    fc.uniqueArray(fc.integer({ min: 1, max: 1000 }), { minLength: 2, maxLength: 64 }),
    fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 64, maxLength: 64 }),
    fc.boolean(),
  )
  .map(([values, increments, rises]) => {
    const sorted = values.toSorted((a, b) => a - b);
    let sum = 0;
    const rising = sorted.map((_, i) => {
      sum += increments[i] ?? 1;
      return sum;
    });
    const costs = rises ? rising : rising.toReversed();
    return new Map(sorted.map((value, i) => [value, costs[i] ?? 0]));
  });

const aim = (target: number, tolerance = 0) => ({ target, tolerance });

/** Probes until there is nothing left, with costs as they are or disturbed. */
const search = (
  costs: ReadonlyMap<number, number>,
  target: number,
  tolerance = 0,
  noise = () => 1,
): Tried[] => {
  const values = [...costs.keys()];
  const measured = (value: number): Tried => ({ value, cost: (costs.get(value) ?? 0) * noise() });
  const tried = [values[0] ?? 0, values.at(-1) ?? 0].map(measured);
  for (;;) {
    const next = nextProbe(values, tried, aim(target, tolerance));
    if (next === null) return tried;
    expect(values).toContain(next);
    expect(tried.map(({ value }) => value)).not.toContain(next);
    tried.push(measured(next));
  }
};

describe('the search for a knob', () => {
  it('finds the nearest cost of all, by halving', () => {
    fc.assert(
      fc.property(knob, fc.integer({ min: 1, max: 3000 }), (costs, target) => {
        const tried = search(costs, target);
        const distances = [...costs.values()].map((cost) => Math.abs(cost - target));
        expect(Math.abs(nearest(tried, target).cost - target)).toBe(Math.min(...distances));
        expect(tried.length).toBeLessThanOrEqual(3 + Math.ceil(Math.log2(costs.size)));
      }),
    );
  });

  it('stops where it is near enough, and ends whatever the noise', () => {
    const factor = fc.double({ min: 0.8, max: 1.25, noNaN: true });
    fc.assert(
      fc.property(
        knob,
        fc.integer({ min: 1, max: 3000 }),
        fc.infiniteStream(factor),
        (costs, target, noise) => {
          const tried = search(costs, target, 0.1, () => noise.next().value ?? 1);
          expect(new Set(tried.map(({ value }) => value)).size).toBe(tried.length);
          const early = tried.slice(0, -1).filter(({ cost }) => Math.abs(cost - target) <= 0.05 * target);
          expect(early.length).toBeLessThanOrEqual(1);
        },
      ),
    );
  });
});

describe('the confirmation of a knob', () => {
  const values = [1, 2, 3, 4, 5, 6, 7, 8];
  const at = (...pairs: readonly (readonly [value: number, cost: number])[]): Tried[] =>
    pairs.map(([value, cost]) => ({ value, cost }));
  const ends = at([1, 10], [8, 80]);

  it('keeps to what was confirmed within the tolerance, and takes the nearest of it', () => {
    expect(nextConfirmed(values, ends, at([4, 42], [5, 51]), true, aim(45, 0.2))).toBe(4);
  });

  it('goes where the costs promise the target, between the confirmed values on both sides of it', () => {
    expect(nextConfirmed(values, ends, at([2, 20], [7, 70]), true, aim(50))).toBe(5);
    expect(nextConfirmed(values, ends, at([7, 30]), true, aim(50))).toBe(8);
    expect(nextConfirmed(values, at([1, 80], [8, 10]), at([2, 70], [7, 20]), false, aim(30))).toBe(6);
  });

  it('never leaves them, whatever the search had found', () => {
    const misled = at([1, 10], [3, 50], [8, 80]);
    expect(nextConfirmed(values, misled, at([4, 40], [6, 60]), true, aim(50))).toBe(5);
  });

  it('ends where no value is left between them, or beyond the last', () => {
    expect(nextConfirmed(values, ends, at([4, 40], [5, 50]), true, aim(45))).toBeNull();
    expect(nextConfirmed(values, ends, at([8, 80]), true, aim(100))).toBeNull();
    expect(nextConfirmed(values, ends, at([1, 10]), true, aim(1))).toBeNull();
  });
});
