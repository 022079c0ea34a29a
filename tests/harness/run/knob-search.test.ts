import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Tried } from '../../../harness/run/budget.js';
import { correctedValue, nearest, nextProbe } from '../../../harness/run/knob-search.js';

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

describe('the correction of a knob', () => {
  it('finds the right value at once where all former measurements were off by one ratio', () => {
    fc.assert(
      fc.property(
        knob,
        fc.double({ min: 0.7, max: 1.4, noNaN: true }),
        fc.nat(),
        fc.nat(),
        (costs, ratio, i, j) => {
          const values = [...costs.keys()];
          const tried = [...costs].map(([value, cost]) => ({ value, cost: cost * ratio }));
          const at = (index: number): number => values[index % values.length] ?? 0;
          const target = costs.get(at(i)) ?? 0;
          const found = { value: at(j), cost: costs.get(at(j)) ?? 0 };
          const corrected = correctedValue(values, tried, found, new Set([found.value]), target);
          expect(costs.get(corrected)).toBeCloseTo(target, 6);
        },
      ),
    );
  });

  it('stays where nothing that is not confirmed promises to be nearer', () => {
    const tried = [1, 2, 3].map((value) => ({ value, cost: value }));
    const found = { value: 2, cost: 2 };
    expect(correctedValue([1, 2, 3], tried, found, new Set([2]), 2.1)).toBe(2);
    expect(correctedValue([1, 2, 3], tried, found, new Set([2]), 2.9)).toBe(3);
    expect(correctedValue([1, 2, 3], tried, found, new Set([2, 3]), 2.9)).toBe(2);
  });
});
