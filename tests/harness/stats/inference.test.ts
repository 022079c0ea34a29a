import { describe, expect, it } from 'vitest';
import { meanInference, trimmedInference } from '../../../harness/stats/inference.js';

describe('meanInference', () => {
  it('is the t interval of a mean, worked by hand', () => {
    // Mean 3, variance 7, t(2) = 4.3027.
    const { value, units, interval } = meanInference([1, 2, 6]);
    expect([value, units]).toEqual([3, 3]);
    expect(interval(0.05)[1] - 3).toBeCloseTo(4.3027 * Math.sqrt(7 / 3), 3);
  });

  it('refuses to tell from one value', () => {
    expect(() => meanInference([1])).toThrow(RangeError);
  });
});

describe('trimmedInference', () => {
  it('is the mean of the middle four of six, worked by hand', () => {
    // Winsorised 2, 2, 3, 5, 6, 6: mean 4, squared deviations 18; over 4 * 3, t(3) = 3.1824; wider by 3 / 16.
    const { value, interval } = trimmedInference([100, 2, 3, 5, 6, -100]);
    expect(value).toBe(4);
    expect(interval(0.05)[1] - 4).toBeCloseTo((19 / 16) * 3.1824 * Math.sqrt(18 / 12), 3);
  });

  it.each([2, 3, 5])('is the mean of all where there are %i', (count) => {
    const values = Array.from({ length: count }, (_, i) => i * i);
    const [trimmed, mean] = [trimmedInference(values), meanInference(values)];
    expect(trimmed.value).toBeCloseTo(mean.value, 12);
    expect(trimmed.interval(0.01)[0]).toBeCloseTo(mean.interval(0.01)[0], 9);
  });

  it('predicts for as many values as there are what it has found', () => {
    const { value, interval, predict } = trimmedInference([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8]);
    expect(predict?.(12, 0.05).halfWidth).toBeCloseTo(interval(0.05)[1] - value, 12);
    expect(predict?.(48, 0.05).halfWidth).toBeLessThan(0.7 * (interval(0.05)[1] - value));
  });

  it('refuses to tell from one value', () => {
    expect(() => trimmedInference([1])).toThrow(RangeError);
  });
});
