import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseBudget } from '../../../harness/cli/values.js';

describe('a budget on the command line', () => {
  it.each([
    ['params=1.5M', { metric: 'params', target: 1_500_000 }],
    ['macs=300M', { metric: 'macs', target: 300_000_000 }],
    ['latency=0.09', { metric: 'latency', target: 0.09 }],
  ])('%s is read', (text, budget) => expect(parseBudget(text)).toEqual(budget));

  it('is read as it is written in a report', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('params', 'macs', 'latency'),
        fc.integer({ min: 1, max: 2 ** 31 }),
        (metric, thousandths) => {
          const target = thousandths / 1000;
          expect(parseBudget(`${metric}=${target}`)).toEqual({ metric, target });
        },
      ),
    );
  });

  it.each(['params', 'params=0', 'params=-1', 'latency=2k', 'latency=', 'flops=3', 'macs=1e3'])(
    '%s is refused with what is expected',
    (text) => expect(() => parseBudget(text)).toThrow(/METRIC=NUMBER/),
  );
});
