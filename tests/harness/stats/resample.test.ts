import { describe, expect, it } from 'vitest';
import { resampleCrossed, resamplePaired } from '../../../harness/stats/resample.js';
import { mean, variance } from '../../../harness/stats/sample.js';
import { seededRandom } from '../../support/random.js';
import { normalSource, simulateCorrect } from '../../support/simulation.js';

const column = (rows: readonly (readonly number[])[], at: number): number[] =>
  rows.map((row) => row[at] ?? Number.NaN);

describe('resampleCrossed', () => {
  const [first = [], second = []] = simulateCorrect(
    normalSource(1),
    { seedSpread: 0.04, gains: [0, 0.3] },
    { seeds: 5, images: 400 },
  );

  it('draws around the means, with the spread of seeds and images', () => {
    const draws = resampleCrossed([first, second], 2000, seededRandom(2));
    const accuracy = mean(first.map((row) => mean(row)));
    expect(mean(column(draws, 0))).toBeCloseTo(accuracy, 2);
    const ofImages = Math.sqrt((accuracy * (1 - accuracy)) / 400);
    const spread = Math.sqrt(variance(column(draws, 0)));
    expect(spread).toBeGreaterThan(0.7 * ofImages);
    expect(spread).toBeLessThan(2 * ofImages);
  });

  it('draws the same seeds and images for all tables', () => {
    for (const [one, other] of resampleCrossed([first, first], 50, seededRandom(3))) expect(one).toBe(other);
    const together = resampleCrossed([first, second], 2000, seededRandom(4)).map(([a = 0, b = 0]) => b - a);
    const apart = resampleCrossed([first], 2000, seededRandom(5)).map(
      ([a = 0], i) => (column(resampled, 0)[i] ?? 0) - a,
    );
    expect(variance(together)).toBeLessThan(variance(apart));
  });

  const resampled = resampleCrossed([second], 2000, seededRandom(6));

  it('refuses tables of different sizes', () => {
    expect(() => resampleCrossed([first, second.slice(1)], 1, seededRandom(7))).toThrow(RangeError);
  });
});

describe('resamplePaired', () => {
  it('draws the same positions for all rows', () => {
    const rows = [
      [1, 2, 3, 4],
      [11, 12, 13, 14],
    ];
    for (const [a = 0, b = 0] of resamplePaired(rows, mean, 100, seededRandom(1))) {
      expect(b - a).toBeCloseTo(10, 12);
      expect(a).toBeGreaterThanOrEqual(1);
      expect(a).toBeLessThanOrEqual(4);
    }
  });

  it('refuses rows of different lengths', () => {
    expect(() => resamplePaired([[1, 2], [1]], mean, 1, seededRandom(1))).toThrow(RangeError);
  });
});
