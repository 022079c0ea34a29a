import { describe, expect, it } from 'vitest';
import { spreadGrid, spreadPosterior } from '../../../../harness/stats/accuracy/spreads.js';

const posteriorOf = (spreads: readonly number[], degrees: number, least = 0) =>
  spreadPosterior(
    spreadGrid(Math.min(...spreads), Math.max(...spreads), degrees),
    {
      squares: Float64Array.from(spreads, (spread) => degrees * spread ** 2),
      degrees: Float64Array.from(spreads, () => degrees),
    },
    Float64Array.from(spreads, () => least),
  );

const typical = (posterior: ReturnType<typeof spreadPosterior>): readonly number[] =>
  Array.from(posterior.meanPrecisions(), (precision) => precision ** -0.5);

describe('spreadPosterior', () => {
  it('finds the spread of candidates with many seeds', () => {
    const [one = 0, , far = 0] = typical(posteriorOf([0.5, 0.5, 2], 400));
    expect(one).toBeCloseTo(0.5, 1);
    expect(far / 2).toBeCloseTo(1, 1);
  });

  it('draws candidates with few seeds to their like', () => {
    const [low = 0, , , , high = 0] = typical(posteriorOf([0.5, 1, 1, 1, 2], 2));
    expect(low).toBeGreaterThan(0.6);
    expect(high).toBeLessThan(1.8);
  });

  it('leaves one that is far off where it is', () => {
    const spreads = typical(posteriorOf([1, 1, 1, 1, 1, 1, 1, 20], 4));
    expect(spreads[7]).toBeGreaterThan(10);
    expect(spreads[0]).toBeLessThan(1.5);
  });

  it('scales with its measurements', () => {
    const once = typical(posteriorOf([0.7, 1, 3], 2));
    const tenfold = typical(posteriorOf([7, 10, 30], 2));
    for (const [c, spread] of once.entries()) expect((tenfold[c] ?? 0) / spread).toBeCloseTo(10, 6);
  });

  it('does not take it that spreads lie far above the least, because all of them may', () => {
    const known = typical(posteriorOf([1, 1, 1, 1, 1, 1], 2, 0.98));
    for (const spread of known) expect(spread).toBeLessThan(1.08);
  });

  it('draws spreads of the distribution that it has means of, none below the least', () => {
    const posterior = posteriorOf([0.5, 1, 2], 3, 0.9);
    const draws = 20_000;
    const uniform = Float64Array.from({ length: 3 * draws }, (_, i) => (i * 0.6180339887) % 1);
    const drawn = posterior.draw(draws, uniform);
    for (const [c, precision] of posterior.meanPrecisions().entries()) {
      let sum = 0;
      for (let d = 0; d < draws; d += 1) sum += (drawn[3 * d + c] ?? 0) ** -2;
      expect(sum / draws / precision).toBeCloseTo(1, 1);
    }
    expect(Math.min(...drawn)).toBeGreaterThan(0.8);
  });
});
