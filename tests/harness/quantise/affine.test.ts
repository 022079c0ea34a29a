import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dequantise,
  quantise,
  roundHalfEven,
  UINT8_MOST,
  uint8Affine,
} from '../../../harness/quantise/affine.js';

const value = fc.float({ min: -1000, max: 1000, noNaN: true });

describe('uint8Affine', () => {
  it('gives every value of the range back to within half a step, and zero exactly', () => {
    fc.assert(
      fc.property(value, value, fc.float({ min: 0, max: 1, noNaN: true }), (one, other, share) => {
        const range = [Math.min(one, other), Math.max(one, other)] as const;
        const affine = uint8Affine(range);
        const inside = Math.min(range[1], Math.max(range[0], range[0] + share * (range[1] - range[0])));
        expect(dequantise(quantise(0, affine), affine)).toBe(0);
        // The scale is rounded to float32, and the zero point to a whole number, which moves the ends by half a step at most.
        expect(Math.abs(dequantise(quantise(inside, affine), affine) - inside)).toBeLessThanOrEqual(
          1.01 * affine.scale,
        );
      }),
    );
  });

  it('uses all integers of a range that begins or ends with zero', () => {
    expect(uint8Affine([0, 6])).toEqual({ scale: Math.fround(6 / UINT8_MOST), zeroPoint: 0 });
    expect(uint8Affine([-2, 0])).toEqual({ scale: Math.fround(2 / UINT8_MOST), zeroPoint: UINT8_MOST });
    expect(uint8Affine([3, 6])).toEqual(uint8Affine([0, 6]));
  });

  it('has a scale where there is nothing but zero', () => {
    expect(uint8Affine([0, 0])).toEqual({ scale: 1, zeroPoint: 0 });
  });
});

describe('roundHalfEven', () => {
  it.each([
    [0.5, 0],
    [1.5, 2],
    [2.5, 2],
    [-0.5, 0],
    [-1.5, -2],
    [-2.5, -2],
    [2.4, 2],
    [2.6, 3],
  ])('%d is %d', (given, rounded) => expect(roundHalfEven(given) + 0).toBe(rounded));
});
