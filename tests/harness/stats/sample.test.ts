import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mean, median, quantile, variance } from '../../../harness/stats/sample.js';

describe('sample statistics', () => {
  it('are those worked by hand', () => {
    const values = [4, 1, 7, 2];
    expect(mean(values)).toBe(3.5);
    expect(variance(values)).toBeCloseTo(7, 12);
    expect(median(values)).toBe(3);
    expect(quantile(values, 0.25)).toBe(1.75);
    expect(values).toEqual([4, 1, 7, 2]);
  });

  it('keep a median between least and greatest, and in the middle', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1 }), (values) => {
        const centre = median(values);
        expect(2 * values.filter((value) => value < centre).length).toBeLessThanOrEqual(values.length);
        expect(2 * values.filter((value) => value > centre).length).toBeLessThanOrEqual(values.length);
      }),
    );
  });

  it('refuse samples that say nothing', () => {
    expect(() => mean([])).toThrow(RangeError);
    expect(() => median([])).toThrow(RangeError);
    expect(() => variance([1])).toThrow(RangeError);
  });
});
