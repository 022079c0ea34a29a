import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Recipe } from '../../../harness/recipe/recipe.js';
import { learningRateAt } from '../../../harness/recipe/schedule.js';

const settings = fc.record({
  epochs: fc.integer({ min: 2, max: 20 }),
  stepsPerEpoch: fc.integer({ min: 1, max: 50 }),
  warmupEpochs: fc.double({ min: 0, max: 1.5, noNaN: true }),
  learningRate: fc.double({ min: 1e-4, max: 10, noNaN: true }),
});

const STEPPED = { kind: 'step', milestones: [1, 3], factor: 0.5 } as const satisfies Recipe['schedule'];

type Settings = typeof settings extends fc.Arbitrary<infer T> ? T : never;

const rates = (schedule: Recipe['schedule'], given: Settings): readonly number[] =>
  Array.from({ length: given.epochs * given.stepsPerEpoch + 1 }, (_, step) =>
    learningRateAt(step, given.stepsPerEpoch, { ...given, schedule }),
  );

const firstAfterWarmup = ({ warmupEpochs, stepsPerEpoch }: Settings): number =>
  Math.ceil(warmupEpochs * stepsPerEpoch);

describe('a learning rate', () => {
  it('grows by equal steps over the warm-up and stays at or below its peak', () => {
    fc.assert(
      fc.property(
        settings,
        fc.constantFrom<Recipe['schedule'][]>('cosine', 'constant', STEPPED),
        (given, schedule) => {
          const warmup = rates(schedule, given).slice(0, firstAfterWarmup(given));
          const increment = warmup[0] ?? 0;
          warmup.forEach((rate, step) => {
            expect(rate).toBeCloseTo((step + 1) * increment, 10);
            expect(rate).toBeGreaterThan(0);
            expect(rate).toBeLessThanOrEqual(given.learningRate);
          });
        },
      ),
    );
  });

  it('stays at its peak after the warm-up where the schedule is constant', () => {
    fc.assert(
      fc.property(settings, (given) => {
        const after = rates('constant', given).slice(firstAfterWarmup(given));
        expect(new Set(after)).toEqual(new Set([given.learningRate]));
      }),
    );
  });

  it('falls from its peak along half a cosine to zero after the last step', () => {
    fc.assert(
      fc.property(settings, (given) => {
        const after = rates('cosine', given).slice(firstAfterWarmup(given));
        expect(after.at(-1)).toBeCloseTo(0, 12);
        expect(after.slice(1).every((rate, i) => rate < (after[i] ?? 0))).toBe(true);
        const [warmup, total] = [
          given.warmupEpochs * given.stepsPerEpoch,
          given.epochs * given.stepsPerEpoch,
        ];
        after.forEach((rate, i) => {
          const angle = (Math.PI * (firstAfterWarmup(given) + i - warmup)) / (total - warmup);
          expect(rate).toBeCloseTo(given.learningRate * Math.cos(angle / 2) ** 2, 10);
        });
      }),
      { examples: [[{ epochs: 2, stepsPerEpoch: 1, warmupEpochs: 1.5, learningRate: 1 }]] },
    );
  });

  it('falls by its factor after every milestone where the schedule has steps', () => {
    const milestones = fc.array(fc.integer({ min: 1, max: 25 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(settings, milestones, fc.constantFrom(0.1, 0.5), (given, epochs, factor) => {
        const all = rates({ kind: 'step', milestones: epochs, factor }, given);
        all.slice(firstAfterWarmup(given)).forEach((rate, i) => {
          const epoch = Math.floor((firstAfterWarmup(given) + i) / given.stepsPerEpoch);
          const passed = epochs.filter((milestone) => milestone <= epoch).length;
          expect(rate).toBeCloseTo(given.learningRate * factor ** passed, 10);
        });
      }),
    );
  });

  it('is half its peak halfway, and its peak at the first step where there is no warm-up', () => {
    const given = { epochs: 4, warmupEpochs: 0, learningRate: 0.3, schedule: 'cosine' } as const;
    expect(learningRateAt(0, 10, given)).toBe(0.3);
    expect(learningRateAt(20, 10, given)).toBeCloseTo(0.15, 12);
    expect(learningRateAt(30, 10, { ...given, warmupEpochs: 2 })).toBeCloseTo(0.15, 12);
  });
});
