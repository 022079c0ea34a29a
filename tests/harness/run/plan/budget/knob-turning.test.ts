import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  MOST_CONFIRMATIONS,
  type Probe,
  type Step,
  type TurnedKnob,
  turnKnobs,
} from '../../../../../harness/run/plan/budget/knob-turning.js';

interface SimulatedKnob extends TurnedKnob {
  readonly costOf: (value: number) => number;
}

const TARGET = 100;
const TOLERANCE = 0.05;

/** Costs between about 10 and 1000, neighbours `step` apart, rising or falling with the values. */
const knob = fc
  .record({
    count: fc.integer({ min: 1, max: 64 }),
    start: fc.double({ min: 10, max: 150, noNaN: true }),
    steps: fc.array(fc.double({ min: 0.01, max: 0.2, noNaN: true }), { minLength: 64, maxLength: 64 }),
    rises: fc.boolean(),
  })
  .map(({ count, start, steps, rises }): SimulatedKnob => {
    let cost = start;
    const rising = steps.slice(0, count).map((step) => {
      cost *= 1 + step;
      return cost;
    });
    const costs = rises ? rising : rising.toReversed();
    return { values: costs.map((_, i) => i + 1), costOf: (value) => costs[value - 1] ?? Number.NaN };
  });

/** A machine whose speed is another in every measurement, and which measures no cost exactly. */
const turn = async (
  knobs: readonly SimulatedKnob[],
  noise: number,
  drift: number,
  random: () => number,
  target = TARGET,
) => {
  const last = new Map<SimulatedKnob, { value: number; cost: number; pace: number }>();
  const ends = new Map<SimulatedKnob, number[]>();
  let confirmations = 0;
  const spread = (by: number): number => 1 + by * random();
  const turned = await turnKnobs(
    knobs,
    { target, tolerance: TOLERANCE },
    async (step: Step, probes: readonly Probe<SimulatedKnob>[]) => {
      const pace = spread(drift);
      if (step === 'confirm') {
        confirmations += 1;
        expect(probes.map((probe) => probe.knob)).toEqual(knobs);
      }
      const costs = probes.map(({ knob, value }) => {
        expect(knob.values).toContain(value);
        const cost = knob.costOf(value) * pace * spread(noise);
        last.set(knob, { value, cost, pace });
        if (step === 'ends') ends.set(knob, [...(ends.get(knob) ?? []), cost]);
        return { cost, interval: [cost * 0.99, cost * 1.01] as const };
      });
      return { yardstick: 70 * pace * spread(noise), costs };
    },
  );
  /** As measured: noise can turn round two neighbours. */
  const rises = (knob: SimulatedKnob): boolean => {
    const [smallest = Number.NaN, largest = smallest] = ends.get(knob) ?? [];
    return smallest <= largest;
  };
  return { turned, last, confirmations, rises };
};

const isNear = (cost: number | undefined, within = TOLERANCE): boolean =>
  cost !== undefined && Math.abs(cost - TARGET) <= within * TARGET;

const signs = fc.infiniteStream(fc.double({ min: -1, max: 1, noNaN: true }));

const knobs = fc.array(knob, { minLength: 1, maxLength: 6 });

describe('turning knobs to a measured cost', () => {
  it('finds values within the tolerance wherever all have one with margin, and all in one measurement', async () => {
    await fc.assert(
      fc.asyncProperty(knobs, signs, async (all, stream) => {
        fc.pre(all.every(({ values, costOf }) => values.some((value) => isNear(costOf(value), 0.02))));
        const { turned } = await turn(all, 0.01, 0, () => stream.next().value ?? 0);
        for (const { value, confirmed } of turned) {
          expect(isNear(confirmed.find((one) => one.value === value)?.cost)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('reports what the last measurement found, so that nothing outside the tolerance passes for inside', async () => {
    await fc.assert(
      fc.asyncProperty(knobs, signs, async (all, stream) => {
        const { turned, last, confirmations } = await turn(all, 0.02, 0.3, () => stream.next().value ?? 0);
        expect(confirmations).toBeLessThanOrEqual(MOST_CONFIRMATIONS);
        for (const { knob, value, confirmed } of turned) {
          expect(last.get(knob)?.value).toBe(value);
          expect(confirmed.find((one) => one.value === value)?.cost).toBeCloseTo(
            last.get(knob)?.cost ?? Number.NaN,
            9,
          );
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is not misled by a machine that is faster in one measurement than in another', async () => {
    await fc.assert(
      fc.asyncProperty(knob, signs, async (one, stream) => {
        fc.pre(one.values.length > 1);
        const { turned, last } = await turn([one], 0, 0.3, () => stream.next().value ?? 0);
        const [found] = turned;
        const pace = last.get(one)?.pace ?? Number.NaN;
        for (const { value, cost } of found?.confirmed ?? []) {
          expect(cost).toBeCloseTo(one.costOf(value) * pace, 6);
        }
      }),
    );
  });

  it('stops before the last confirmation only where all are near, or one has nothing left to try', async () => {
    await fc.assert(
      fc.asyncProperty(knobs, signs, async (all, stream) => {
        const { turned, confirmations, rises } = await turn(all, 0.01, 0.02, () => stream.next().value ?? 0);
        fc.pre(confirmations < MOST_CONFIRMATIONS);
        const off = turned.filter(
          ({ value, confirmed }) => !isNear(confirmed.find((one) => one.value === value)?.cost),
        );
        const exhausted = turned.filter(({ isExhausted }) => isExhausted);
        for (const { knob, confirmed } of exhausted) {
          const side = (isBelow: boolean) =>
            confirmed.filter(({ cost }) => cost < TARGET === isBelow).map(({ value }) => value);
          const [low, high] = [Math.max(...side(rises(knob))), Math.min(...side(!rises(knob)))];
          expect(knob.values.filter((value) => low < value && value < high)).toEqual([]);
        }
        expect(exhausted.every((one) => off.includes(one))).toBe(true);
        expect(off.length === 0 || exhausted.length > 0).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
