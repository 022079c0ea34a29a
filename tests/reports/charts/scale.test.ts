import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linearScale, scaleOver } from '../../../reports/charts/scale.js';

const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 10 });

describe('a scale', () => {
  it('has all values within its domain, in their order', () => {
    fc.assert(
      fc.property(values, (given) => {
        for (const scale of [linearScale(given), scaleOver(given)]) {
          const places = given.toSorted((a, b) => a - b).map(scale.at);
          for (const [index, place] of places.entries()) {
            expect(place).toBeGreaterThan(0);
            expect(place).toBeLessThan(1);
            expect(place).toBeGreaterThanOrEqual(places[index - 1] ?? 0);
          }
        }
      }),
    );
  });

  it('has room where all values are the same, but for rounding', () => {
    const { domain } = linearScale([0.1 + 0.2, 0.3]);
    expect(domain[1] - domain[0]).toBeCloseTo(0.03);
    expect(linearScale([0]).domain).toEqual([-1, 1]);
  });

  it('is logarithmic where values span decades: equal ratios, equal distances', () => {
    const { type, at } = scaleOver([1, 10, 100]);
    expect(type).toBe('log');
    expect(at(10) - at(1)).toBeCloseTo(at(100) - at(10));
    expect(scaleOver([-1, 10, 100]).type).toBe('linear');
    expect(scaleOver([10, 100]).type).toBe('linear');
  });
});
