import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  collectBudgets,
  countUpTo,
  parseDuration,
  parseGpus,
  parseInput,
  parseSeed,
} from '../../../../harness/cli/options/values.js';

describe('a budget on the command line', () => {
  it.each([
    ['params=1.5M', { metric: 'params', target: 1_500_000 }],
    ['macs=300M', { metric: 'macs', target: 300_000_000 }],
    ['latency=0.09', { metric: 'latency', target: 0.09 }],
    ['peak-memory=320kB', { metric: 'peak-memory', target: 320 * 1024 }],
    ['peak-memory=0.5MB', { metric: 'peak-memory', target: 512 * 1024 }],
  ])('%s is read', (text, budget) => expect(collectBudgets(text)).toEqual([budget]));

  it('is read as it is written in a report', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('params', 'macs', 'latency'),
        fc.integer({ min: 1, max: 2 ** 31 }),
        (metric, thousandths) => {
          const target = thousandths / 1000;
          expect(collectBudgets(`${metric}=${target}`)).toEqual([{ metric, target }]);
        },
      ),
    );
  });

  it.each([
    ...['params', 'params=0', 'params=-1', 'params=3kB', 'latency=2k', 'latency=', 'flops=3', 'macs=1e3'],
    ...['peak-memory=320', 'peak-memory=320k', 'toString=3'],
  ])('%s is refused with what is expected', (text) =>
    expect(() => collectBudgets(text)).toThrow(/METRIC=NUMBER/),
  );
});

describe('a time on the command line', () => {
  it.each([
    ['90s', 90],
    ['30m', 1800],
    ['2h', 7200],
    ['1.5h', 5400],
  ])('%s is read', (text, seconds) => expect(parseDuration(text)).toBe(seconds));

  it.each(['', '2', 'h', '0m', '-1h', '2d', '1h30m', '1e3s'])('%j is refused with what is expected', (text) =>
    expect(() => parseDuration(text)).toThrow(/90s, 30m or 2h/),
  );
});

describe('a count on the command line', () => {
  it('is a whole number from 1 to the most', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: -5, max: 2000 }), (most, value) => {
        const parse = () => countUpTo(most)(String(value));
        if (value >= 1 && value <= most) expect(parse()).toBe(value);
        else expect(parse).toThrow(`Expected a whole number from 1 to ${most}.`);
      }),
    );
  });

  it.each(['', ' ', '1.5', '1e300', 'Infinity', 'NaN', 'two', '0x'])('is not %j', (text) => {
    expect(() => countUpTo(10)(text)).toThrow(/whole number from 1 to 10/);
    expect(() => parseSeed(text)).toThrow(/whole number from 0 to 4294967295/);
  });
});

describe('an input on the command line', () => {
  it('is bounded in every direction', () => {
    expect(parseInput('3x224x160')).toEqual([3, 224, 160]);
    for (const text of ['1000000x1x1', '1x1000000x1', '1x1x1000000', '0x1x1', '1x1', '1x1x1x1']) {
      expect(() => parseInput(text)).toThrow(/CHANNELSxHEIGHTxWIDTH.*65536/);
    }
  });
});

describe('a list of GPUs', () => {
  it.each([
    ['cuda:0', [0]],
    ['cuda:0-3', [0, 1, 2, 3]],
    ['cuda:4,0-1', [4, 0, 1]],
  ])('%s is read', (text, gpus) => expect(parseGpus(text)).toEqual(gpus));

  it.each(['', '0', 'cuda', 'cuda:', 'cuda:1-0', 'cuda:0,0', 'cuda:0-', 'cuda:0-2,1', 'mps:0', 'cuda:a'])(
    '%j is refused',
    (text) => expect(() => parseGpus(text)).toThrow(/cuda:0-3 or cuda:0,2/),
  );
});
