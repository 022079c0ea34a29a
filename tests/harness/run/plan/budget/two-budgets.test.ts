import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchTwoBudgets } from '../../../../../harness/run/plan/budget/two-budgets.js';
import { UserError } from '../../../../../harness/user/user-error.js';
import { refusalOf } from '../../../../support/refusal.js';

const params = (target: number, tolerance = 0.02) => ({ metric: 'params', target, tolerance }) as const;
const macs = (target: number, tolerance = 0.02) => ({ metric: 'macs', target, tolerance }) as const;

const knob = (option: string, values: readonly number[]) => ({ option, values });
const upTo = (most: number, from = 1) => Array.from({ length: most - from + 1 }, (_, i) => from + i);

/** Costs of a network of so many hidden channels and so wide a head: the head has parameters, and hardly any multiply-adds. */
const costsOf = ({ hidden = 8, head = 16 }: Readonly<Record<string, number>>) => ({
  params: 900 * hidden + 300 * head,
  macs: 90_000 * hidden + 1_200 * head,
});

describe('two budgets', () => {
  it('that two knobs can meet are met, whatever the settings behind them', () => {
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 60 }), fc.integer({ min: 4, max: 120 }), (hidden, head) => {
        const target = costsOf({ hidden, head });
        const match = matchTwoBudgets(
          'mine',
          [macs(target.macs), params(target.params)],
          [knob('hidden', upTo(64)), knob('head', upTo(128))],
          costsOf,
        );
        const costs = costsOf({ hidden: match.value, head: match.second?.knob?.value ?? 0 });
        expect(Math.abs(costs.macs / target.macs - 1)).toBeLessThanOrEqual(0.02);
        expect(Math.abs(costs.params / target.params - 1)).toBeLessThanOrEqual(0.02);
        expect(match.residual).toBeCloseTo(costs.macs / target.macs - 1, 12);
        expect(match.second?.residual).toBeCloseTo(costs.params / target.params - 1, 12);
      }),
    );
  });

  it('are met by one knob where it reaches both, at the least of the larger misses', () => {
    const only = [knob('hidden', upTo(64))] as const;
    const match = matchTwoBudgets('mine', [params(14_000, 0.2), macs(1_000_000, 0.2)], only, costsOf);
    const missOf = (hidden: number) => {
      const costs = costsOf({ hidden });
      return Math.max(Math.abs(costs.params / 14_000 - 1), Math.abs(costs.macs / 1_000_000 - 1));
    };
    expect(missOf(match.value)).toBe(Math.min(...upTo(64).map(missOf)));
    expect(match.second?.knob).toBeUndefined();
  });

  it('out of reach are refused with the nearest setting and how far it is off', async () => {
    const refusal = await refusalOf(() =>
      matchTwoBudgets(
        'mine',
        [params(10_000), macs(100_000_000)],
        [knob('hidden', upTo(64)), knob('head', upTo(128))],
        costsOf,
      ),
    );
    expect(refusal).toMatch(
      /^mine: hidden from 1 to 64 and head from 1 to 128 cannot bring its params within 2 % of 10000 and its macs within 2 % of 100000000\. Nearest: .*hidden=\d+.*off/,
    );
  });

  it('pass over values that the part does not admit, and name the reason where it admits none', async () => {
    const even = (settings: Readonly<Record<string, number>>) => {
      if ((settings.hidden ?? 0) % 2 === 1) throw new UserError('Only even widths.', 'Take an even one.');
      return costsOf(settings);
    };
    const knobs = [knob('hidden', upTo(64)), knob('head', upTo(128))] as const;
    const target = costsOf({ hidden: 20, head: 40 });
    const match = matchTwoBudgets('mine', [macs(target.macs), params(target.params)], knobs, even);
    expect(match.value % 2).toBe(0);
    const none = [knob('hidden', [1, 3]), knob('head', [1, 2])] as const;
    expect(await refusalOf(() => matchTwoBudgets('mine', [macs(1e5), params(1e3)], none, even))).toMatch(
      /no value of hidden from 1 to 3 is valid\. Only even widths/,
    );
  });
});
