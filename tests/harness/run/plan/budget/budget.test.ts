import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchBudget } from '../../../../../harness/run/plan/budget/budget.js';
import { UserError } from '../../../../../harness/user/user-error.js';
import { refusalOf } from '../../../../support/refusal.js';

const budget = (target: number, tolerance = 1) => ({ metric: 'params', target, tolerance }) as const;

const knob = (...values: number[]) => ({ option: 'width', values });

const distinct = fc.uniqueArray(fc.integer({ min: 1, max: 400 }), { minLength: 2, maxLength: 12 });

/** Costs that depend on the value in some way, monotonic or not. */
const costs = fc.func(fc.integer({ min: 1, max: 1000 }));

describe('matching a budget', () => {
  it('takes the value of the nearest cost, of equally near ones the smallest', () => {
    fc.assert(
      fc.property(distinct, costs, fc.integer({ min: 500, max: 1500 }), (values, costAt, target) => {
        const tried = values.map((value) => ({ value, error: Math.abs(costAt(value) - target) }));
        fc.pre(new Set(values.map((value) => costAt(value))).size > 1);
        const match = matchBudget('candidate', budget(target), knob(...values), costAt);
        const least = Math.min(...tried.map(({ error }) => error));
        const nearest = tried.filter(({ error }) => error === least).map(({ value }) => value);
        expect(match).toEqual({
          ...budget(target),
          knob: 'width',
          value: Math.min(...nearest),
          residual: (costAt(match.value) - target) / target,
        });
      }),
    );
  });

  it('passes over values that the part does not admit', () => {
    const costAt = (value: number): number => {
      if (value % 2 === 1) throw new UserError(`${value} is odd.`, 'Give an even width.');
      return 10 * value;
    };
    expect(matchBudget('candidate', budget(30), knob(1, 2, 3, 5, 8), costAt).value).toBe(2);
  });

  it('lets an error that is no refusal through', () => {
    const broken = () => {
      throw new TypeError('broken');
    };
    expect(() => matchBudget('candidate', budget(30), knob(1, 2), broken)).toThrow(TypeError);
  });

  it('holds the tolerance on both sides, and meets it at its very edge', async () => {
    const costAt = (value: number): number => value;
    for (const value of [98, 102]) {
      const match = matchBudget('candidate', budget(100, 0.02), knob(value, 500), costAt);
      expect(match.residual).toBeCloseTo((value - 100) / 100, 12);
      const tighter = () => matchBudget('candidate', budget(100, 0.0199), knob(value, 500), costAt);
      expect(await refusalOf(tighter)).toMatch(/within 1\.99 % of 100/);
    }
  });
});

describe('a budget that cannot be met', () => {
  const refusal = (target: number, values: number[], costAt: (value: number) => number, tolerance = 0.07) =>
    refusalOf(() => matchBudget('repso', budget(target, tolerance), knob(...values), costAt));

  it('names the nearest values on both sides', async () => {
    expect(await refusal(1000, [8, 1, 4, 2], (value) => 300 * value)).toBe(
      'repso: no value of width from 1 to 8 brings its params within 7 % of 1000. ' +
        'Nearest: width=2 gives 600; width=4 gives 1200. Widen the knob, loosen the tolerance, or change the target, in the suite or by --budget.',
    );
  });

  it('names the one side that there is', async () => {
    expect(await refusal(1000, [1, 2], (value) => 300 * value)).toMatch(/Nearest: width=2 gives 600\. Widen/);
    expect(await refusal(100, [1, 2], (value) => 300 * value)).toMatch(/Nearest: width=1 gives 300\. Widen/);
  });

  it('names both sides of every target that lies between two costs', async () => {
    await fc.assert(
      fc.asyncProperty(distinct, fc.integer({ min: 1, max: 400 }), async (values, target) => {
        fc.pre(!values.includes(target));
        const text = await refusal(target, values, (value) => value, 0);
        const [below, above] = [values.filter((v) => v < target), values.filter((v) => v > target)];
        const named = [...text.matchAll(/width=(\d+) gives/g)].map(([, value]) => Number(value));
        const expected = [
          ...(below.length === 0 ? [] : [Math.max(...below)]),
          ...(above.length === 0 ? [] : [Math.min(...above)]),
        ];
        expect(named).toEqual(expected);
      }),
    );
  });

  it('says so where the knob does not change the metric', async () => {
    expect(await refusal(100, [1, 2, 3], () => 100)).toBe(
      'repso: width from 1 to 3 does not change its params (100). Use another knob, or another budget metric.',
    );
  });

  it('says so, with the last reason, where no value is admitted', async () => {
    const refuse = (value: number): number => {
      throw new UserError(`${value} is too wide.`, 'Give a smaller width.');
    };
    expect(await refusal(100, [1, 2], refuse)).toBe(
      'repso: no value of width from 1 to 2 is valid. 2 is too wide. Give a smaller width.',
    );
  });
});
