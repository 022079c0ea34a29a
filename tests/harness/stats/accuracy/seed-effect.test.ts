import { describe, expect, it } from 'vitest';
import { fitSeedEffect, withoutSeedEffect } from '../../../../harness/stats/accuracy/seed-effect.js';
import { centre } from '../../../../harness/stats/accuracy/trials.js';

const table = (rows: readonly (readonly number[])[]) => ({
  candidates: rows.length,
  seeds: rows[0]?.length ?? 0,
  top1: Float64Array.from(rows.flat()),
  resolution: 0,
  leastSpread: new Float64Array(rows.length),
});

describe('fitSeedEffect', () => {
  const rows = [
    [1, 2, 6],
    [0, 3, 3],
  ];
  const trials = centre(table(rows));

  it('takes what a seed does to all from every candidate', () => {
    // Deviations -2, -1, 3 and -2, 1, 1: means -2, 0, 2; what is left is 0, -1, 1 and 0, 1, -1.
    const { effects, residuals } = fitSeedEffect(trials, Float64Array.of(1, 1), 1e3);
    expect(Array.from(effects).map((effect) => Number(effect.toFixed(3)))).toEqual([-2, 0, 2]);
    expect(residuals.squares[0]).toBeCloseTo(2, 4);
    // Of 4 degrees of freedom the seeds take 2.
    expect((residuals.degrees[0] ?? 0) + (residuals.degrees[1] ?? 0)).toBeCloseTo(2, 4);
  });

  it('listens to who varies less', () => {
    const { effects, residuals } = fitSeedEffect(trials, Float64Array.of(1e4, 1), 1e3);
    expect(effects[2]).toBeCloseTo(3, 2);
    expect(residuals.squares[0]).toBeCloseTo(0, 4);
    expect(residuals.squares[1]).toBeCloseTo(8, 1);
    expect(residuals.degrees[1]).toBeCloseTo(2, 2);
  });

  it('takes nothing where effects are small', () => {
    const { residuals, logLikelihoodRatio } = fitSeedEffect(trials, Float64Array.of(1, 1), 1e-4);
    const without = withoutSeedEffect(trials);
    expect(residuals.squares[0]).toBeCloseTo(without.residuals.squares[0] ?? 0, 4);
    expect(residuals.degrees[1]).toBeCloseTo(2, 4);
    expect(logLikelihoodRatio).toBeCloseTo(0, 4);
  });

  it('has the likelihood of a normal distribution, worked by hand', () => {
    // One candidate with two trials 0 and d, precision 1: their difference has variance 2 (1 + omega^2).
    const [d, omega] = [3, 2];
    const { logLikelihoodRatio } = fitSeedEffect(centre(table([[0, d]])), Float64Array.of(1), omega);
    const logDensity = (variance: number) => -Math.log(variance) / 2 - d ** 2 / (2 * variance);
    expect(logLikelihoodRatio).toBeCloseTo(logDensity(2 * (1 + omega ** 2)) - logDensity(2), 9);
  });

  it('knows nothing of seeds from trials that are missing', () => {
    const trialsWithGap = centre(table([[0, 1, Number.NaN]]));
    const { effects } = fitSeedEffect(trialsWithGap, Float64Array.of(1), 1);
    expect(effects[2]).toBe(0);
    expect(effects[0]).toBeCloseTo(-(effects[1] ?? 0), 12);
  });
});
