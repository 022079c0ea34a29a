import { describe, expect, it } from 'vitest';
import { resamplePaired } from '../../../harness/stats/resample.js';
import { mean } from '../../../harness/stats/sample.js';
import { seededRandom } from '../../support/random.js';

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
