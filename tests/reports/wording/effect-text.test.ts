import fc from 'fast-check';
import { expect, it } from 'vitest';
import { effectText } from '../../../reports/wording/effect-text.js';

it('an interval that excludes zero does not end in what looks like zero', () => {
  expect(effectText({ effect: -0.0076, interval: [-0.0152, -0.0001] })).toEqual({
    value: '−0.76',
    interval: '[−1.52, −0.01]',
  });
  const near = fc.double({ min: 1e-5, max: 0.2, noNaN: true });
  fc.assert(
    fc.property(near, near, fc.boolean(), (a, b, isNegative) => {
      const [low, high] = a < b ? [a, b] : [b, a];
      const interval = isNegative ? ([-high, -low] as const) : ([low, high] as const);
      const text = effectText({ effect: (interval[0] + interval[1]) / 2, interval }).interval ?? '';
      expect(text.match(/[+−]/g)).toHaveLength(2);
    }),
  );
});

it('and one that holds zero has the digits of its width alone', () => {
  expect(effectText({ effect: 0.0005, interval: [-0.01, 0.011] }).interval).toBe('[−1.0, +1.1]');
});

it('an upper end far beyond the effect and a hundredfold is no number to write out', () => {
  expect(effectText({ effect: 0.06, interval: [-0.9999, 1.6e57] }).interval).toBe('[−100, > +10,000]');
  expect(effectText({ effect: 0.06, interval: [-0.84, 5.82] }).interval).toBe('[−84, +582]');
  expect(effectText({ effect: 150, interval: [149, 151] }).interval).toBe('[+14900, +15100]');
});
