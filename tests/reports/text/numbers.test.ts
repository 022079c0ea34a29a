import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  columnDigits,
  digitsOf,
  fixed,
  grouped,
  signed,
  significantDigits,
  siUnit,
} from '../../../reports/text/numbers.js';

const around = (value: number, half: number) => ({ value, interval: [value - half, value + half] as const });

describe('the digits that an interval asks for', () => {
  it.each([
    // The examples of the Particle Data Group, Introduction to the Review, section 5.3.
    [0.827, 0.119, '0.83'],
    [0.827, 0.367, '0.8'],
    [90.13, 1.2, '90.1'],
    [90.13, 0.84, '90.1'],
    [90.13, 0.12, '90.13'],
    [2.4612, 0.034, '2.461'],
    [1234.5, 40, '1235'],
  ])('%f within %f is written %s', (value, half, text) => {
    expect(fixed(value, digitsOf(around(value, half).interval))).toBe(text);
  });

  it('are those of most intervals in a column', () => {
    expect(columnDigits([around(90, 0.8), around(89, 0.9), around(88, 0.001)], 4)).toBe(1);
    expect(columnDigits([null, { value: 90, interval: null }], 4)).toBe(4);
  });

  it('never make the written interval narrower than the true one by more than a third', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-4, max: 1e3, noNaN: true }), (half) => {
        const digits = digitsOf([-half, half]);
        expect(Math.abs(Number(half.toFixed(digits)) - half)).toBeLessThanOrEqual(half / 3);
      }),
    );
  });
});

describe('numbers', () => {
  it.each([
    [signed(0.25, 1), '+0.3'],
    [signed(-0.25, 2), '−0.25'],
    [signed(-0.0001, 2), '0.00'],
    [fixed(-1.5, 1), '−1.5'],
    [grouped(1503210), '1,503,210'],
  ])('are written %s', (written, expected) => expect(written).toBe(expected));

  it('share a prefix in which the largest is at least 1', () => {
    expect(siUnit([34_000, 1_480_000])).toEqual({ prefix: 'M', divisor: 1e6 });
    expect(siUnit([34_000])).toEqual({ prefix: 'k', divisor: 1e3 });
    expect(siUnit([340])).toEqual({ prefix: '', divisor: 1 });
    expect(siUnit([])).toEqual({ prefix: '', divisor: 1 });
  });

  it('show as many significant digits as asked for', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-2, max: 1e3, noNaN: true }),
        fc.integer({ min: 1, max: 4 }),
        (value, significant) => {
          const shown = Number(value.toFixed(significantDigits([value], significant)));
          expect(Math.abs(shown - value) / value).toBeLessThanOrEqual(0.5 * 10 ** (1 - significant) * 1.0001);
        },
      ),
    );
  });
});
