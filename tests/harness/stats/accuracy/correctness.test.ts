import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CorrectBySeed, crossTrials } from '../../../../harness/stats/accuracy/correctness.js';
import { mean } from '../../../../harness/stats/sample.js';

const covariance = (one: ArrayLike<number>, other: ArrayLike<number>): number => {
  const [a, b] = [mean(one), mean(other)];
  let sum = 0;
  for (let i = 0; i < one.length; i += 1) sum += ((one[i] ?? 0) - a) * ((other[i] ?? 0) - b);
  return sum / (one.length - 1);
};

const images = 40;
const row = fc.uint8Array({ minLength: images, maxLength: images, min: 0, max: 1 });
const candidate = fc
  .dictionary(fc.constantFrom('1', '2', '3', '7'), row, { minKeys: 2 })
  .map(
    (bySeed): CorrectBySeed => new Map(Object.entries(bySeed).map(([seed, bits]) => [Number(seed), bits])),
  );

describe('crossTrials', () => {
  it('tabulates accuracies by candidate and seed, in order of seeds', () => {
    const { seeds, top1, resolution } = crossTrials([
      new Map([[5, Uint8Array.of(1, 1, 1, 0)]]),
      new Map([
        [2, Uint8Array.of(1, 0, 0, 0)],
        [5, Uint8Array.of(0, 0, 0, 0)],
      ]),
    ]);
    expect(seeds).toBe(2);
    expect(Array.from(top1)).toEqual([Number.NaN, 0.75, 0.25, 0]);
    expect(resolution).toBeCloseTo(1 / Math.sqrt(12) / 4, 12);
  });

  it('has the variance between seeds of images that vary independently, worked by hand', () => {
    // Two of four images differ between the two seeds: their variance is 1/2 each, the mean over images 1/4, over 4 images 1/16.
    const { leastSpread } = crossTrials([
      new Map([
        [1, Uint8Array.of(1, 0, 1, 0)],
        [2, Uint8Array.of(0, 0, 1, 1)],
      ]),
    ]);
    expect(leastSpread[0]).toBeCloseTo(1 / 4, 12);
  });

  it('has covariances of different seeds alone, where they make a covariance matrix', () => {
    fc.assert(
      fc.property(candidate, candidate, (one, other) => {
        const { imageCovariance } = crossTrials([one, other]);
        const products = [...one].flatMap(([s, a]) =>
          [...other].flatMap(([t, b]) => (s === t ? [] : [covariance(a, b) / images])),
        );
        const all = [...one].flatMap(([, a]) => [...other].map(([, b]) => covariance(a, b) / images));
        const [low, high] = [mean(products), mean(all)].sort((a, b) => a - b);
        const found = imageCovariance.values[2] ?? Number.NaN;
        expect(found).toBeGreaterThanOrEqual((low ?? 0) - 1e-9);
        expect(found).toBeLessThanOrEqual((high ?? 0) + 1e-9);
      }),
    );
  });

  it('finds no difference by images between networks that are the same', () => {
    const bits = (seed: number) =>
      Uint8Array.from({ length: 500 }, (_, i) => ((i * 7 + seed * 13) % 10 < 7 ? 1 : 0));
    const twin: CorrectBySeed = new Map([1, 2, 3].map((seed) => [seed, bits(seed % 2)]));
    const [own = 0, , common = 0, other = 0] = crossTrials([twin, twin]).imageCovariance.values;
    expect(own + other - 2 * common).toBeLessThan(1e-6 * own);
  });

  it('refuses trials on different images, and candidates without any', () => {
    expect(() =>
      crossTrials([new Map([[1, Uint8Array.of(1, 0)]]), new Map([[1, Uint8Array.of(1)]])]),
    ).toThrow(RangeError);
    expect(() => crossTrials([new Map()])).toThrow(RangeError);
  });
});
