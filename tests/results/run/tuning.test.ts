import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TryState } from '../../../results/run/run.js';
import { chooseRate, chosenRate } from '../../../results/run/tuning.js';
import { runFixture } from '../../support/run-fixture.js';

const tryOf = (learningRate: number) => ({ key: String(learningRate), candidate: 'a', learningRate });

const done = (learningRate: number, ...validationTop1: readonly number[]): TryState => ({
  ...tryOf(learningRate),
  state: 'done',
  result: {
    epochs: validationTop1.map((top1, i) => ({
      epoch: i + 1,
      learningRate,
      trainLoss: 1,
      validationLoss: 1,
      validationTop1: top1,
      seconds: 1,
    })),
  },
});

const diverged = (learningRate: number): TryState => ({
  ...tryOf(learningRate),
  state: 'diverged',
  reason: `The loss became NaN at ${learningRate}.`,
});

/** Tries that are known: some diverged, the others with a top-1 that often is equal to another's. */
const known = fc
  .uniqueArray(fc.integer({ min: 1, max: 1000 }), { minLength: 2, maxLength: 8 })
  .chain((rates) =>
    fc.tuple(
      ...rates.map((rate) => fc.option(fc.integer({ min: 0, max: 3 })).map((top1) => ({ rate, top1 }))),
    ),
  );

const statesOf = (all: readonly { readonly rate: number; readonly top1: number | null }[]) =>
  all.map(({ rate, top1 }) => (top1 === null ? diverged(rate) : done(rate, 9, top1)));

describe('the choice of a learning rate', () => {
  it('is the best after the last epoch, of equal ones the smallest, whatever their order', () => {
    fc.assert(
      fc.property(known, (all) => {
        const survivors = all.flatMap(({ rate, top1 }) => (top1 === null ? [] : [{ rate, top1 }]));
        fc.pre(survivors.length > 0);
        const best = Math.max(...survivors.map(({ top1 }) => top1));
        const rates = survivors.filter(({ top1 }) => top1 === best).map(({ rate }) => rate);
        const expected = { state: 'chosen', learningRate: Math.min(...rates) };
        expect(chooseRate(statesOf(all))).toEqual(expected);
        expect(chooseRate(statesOf(all).toReversed())).toEqual(expected);
      }),
    );
  });

  it('is none where all diverged, with every reason', () => {
    expect(chooseRate([diverged(1), diverged(2)])).toEqual({
      state: 'none',
      reason: expect.stringMatching(/diverged with every learning rate.*NaN at 1\..*NaN at 2\./),
    });
  });

  it('is open as long as one try is not known, however good the others are', () => {
    fc.assert(
      fc.property(known, fc.nat(), (all, at) => {
        const states = statesOf(all);
        const pending = states.with(at % states.length, { ...tryOf(5000), state: 'pending' });
        expect(chooseRate(pending)).toMatchObject({ reason: expect.stringContaining('5000 is not done') });
        const failed = states.with(at % states.length, {
          ...tryOf(5000),
          state: 'failed',
          error: 'out of memory',
        });
        expect(chooseRate(failed)).toMatchObject({ reason: expect.stringContaining('out of memory') });
      }),
    );
  });

  it('is the recipe’s own where nothing is tuned', () => {
    expect(chosenRate(runFixture({ epochs: 2 }).run, 'repso')).toBeNull();
  });
});
