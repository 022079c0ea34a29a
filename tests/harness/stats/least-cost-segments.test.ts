import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leastCostSegments, type SegmentLimits } from '../../../harness/stats/least-cost-segments.js';

/** Squared deviations from the segment means, plus the penalty for every change. */
const costOf = (values: readonly number[], starts: readonly number[], penalty: number): number => {
  const deviations = starts.map((start, i) => {
    const segment = values.slice(start, starts[i + 1] ?? values.length);
    const mean = segment.reduce((sum, value) => sum + value, 0) / segment.length;
    return segment.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  });
  return deviations.reduce((sum, squares) => sum + squares, penalty * (starts.length - 1));
};

/** Every division of positions from `start` on into segments that are long enough. */
const divisions = (start: number, end: number, shortest: number): number[][] => {
  const later = Array.from({ length: Math.max(0, end - start - 2 * shortest + 1) }, (_, i) =>
    divisions(start + shortest + i, end, shortest),
  ).flat();
  return [[start], ...later.map((rest) => [start, ...rest])];
};

/** Few different values, so that many divisions cost almost the same. */
const series = (maxLength: number) =>
  fc.array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ min: -3, max: 3, noNaN: true })), {
    minLength: 1,
    maxLength,
  });

const limits = fc.record<SegmentLimits>({
  shortest: fc.integer({ min: 1, max: 5 }),
  penalty: fc.double({ min: 0, max: 10, noNaN: true }),
});

describe('the segments of least cost', () => {
  it('cost no more than any other division', () => {
    fc.assert(
      fc.property(series(13), limits, (values, { shortest, penalty }) => {
        const found = costOf(values, leastCostSegments(values, { shortest, penalty }), penalty);
        const all = divisions(0, values.length, shortest).map((starts) => costOf(values, starts, penalty));
        expect(found).toBeLessThanOrEqual(Math.min(...all) + 1e-9);
      }),
      { numRuns: 3000 },
    );
  });

  it('are long enough, and begin at the beginning', () => {
    fc.assert(
      fc.property(series(60), limits, (values, { shortest, penalty }) => {
        const starts = leastCostSegments(values, { shortest, penalty });
        expect(starts[0]).toBe(0);
        const lengths = starts.map((start, i) => (starts[i + 1] ?? values.length) - start);
        if (lengths.length > 1) expect(Math.min(...lengths)).toBeGreaterThanOrEqual(shortest);
      }),
    );
  });

  it('of no values are none', () => {
    expect(leastCostSegments([], { shortest: 3, penalty: 1 })).toEqual([]);
  });
});
