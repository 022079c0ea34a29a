import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomRegion } from '../../../../harness/data/images/random-region.js';
import { randomStream } from '../../../../harness/random.js';

const side = fc.integer({ min: 1, max: 600 });

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

describe('a random region', () => {
  it('lies within the image, and has the area and the ratio it may have, to a rounding', () => {
    fc.assert(
      fc.property(side, side, fc.integer(), (width, height, seed) => {
        const region = randomRegion(width, height, randomStream(seed));
        for (const value of Object.values(region)) expect(Number.isInteger(value)).toBe(true);
        expect(Math.min(region.left, region.top)).toBeGreaterThanOrEqual(0);
        expect(Math.min(region.width, region.height)).toBeGreaterThanOrEqual(1);
        expect(region.left + region.width).toBeLessThanOrEqual(width);
        expect(region.top + region.height).toBeLessThanOrEqual(height);

        expect((region.width - 0.5) / (region.height + 0.5)).toBeLessThanOrEqual(4 / 3);
        expect((region.height - 0.5) / (region.width + 0.5)).toBeLessThanOrEqual(4 / 3);
        const fits = Math.max(width / height, height / width) <= 4 / 3;
        if (fits) {
          expect((region.width + 0.5) * (region.height + 0.5)).toBeGreaterThanOrEqual(0.08 * width * height);
        }
      }),
    );
  });

  it('is the centre of an image so long that no draw fits', () => {
    expect(randomRegion(1000, 10, randomStream(1))).toEqual({ left: 493, top: 0, width: 13, height: 10 });
    expect(randomRegion(10, 1000, randomStream(1))).toEqual({ left: 0, top: 493, width: 10, height: 13 });
    expect(randomRegion(50, 1, randomStream(1))).toMatchObject({ top: 0, width: 1, height: 1 });
  });

  it('has areas, ratios and places that are uniform', () => {
    const DRAWS = 4000;
    const SIDE = 1000;
    const regions = Array.from({ length: DRAWS }, (_, i) => randomRegion(SIDE, SIDE, randomStream(i)));
    // Up to three quarters of the area, every ratio fits.
    const small = regions.filter(({ width, height }) => width * height < 0.75 * SIDE ** 2);
    const uniform = (values: readonly number[], low: number, high: number): void => {
      const deviation = (high - low) / Math.sqrt(12 * values.length);
      expect(Math.abs(mean(values) - (low + high) / 2)).toBeLessThan(5 * deviation);
      expect(Math.min(...values)).toBeLessThan(low + 0.05 * (high - low));
      expect(Math.max(...values)).toBeGreaterThan(high - 0.05 * (high - low));
    };
    expect(small.length).toBeGreaterThan(DRAWS / 2);
    uniform(
      small.map(({ width, height }) => (width * height) / SIDE ** 2),
      0.08,
      0.75,
    );
    uniform(
      small.map(({ width, height }) => Math.log(width / height)),
      Math.log(3 / 4),
      Math.log(4 / 3),
    );
    uniform(
      small.map(({ left, width }) => left / (SIDE - width)),
      0,
      1,
    );
    uniform(
      small.map(({ top, height }) => top / (SIDE - height)),
      0,
      1,
    );
  });
});
