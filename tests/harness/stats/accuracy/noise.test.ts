import { describe, expect, it } from 'vitest';
import { normals, uniforms } from '../../../../harness/stats/accuracy/noise.js';
import { mean, variance } from '../../../../harness/stats/sample.js';

describe.each([
  ['uniforms', uniforms, 1 / 2, 1 / 12],
  ['normals', normals, 0, 1],
] as const)('%s', (_name, sequence, expected, spread) => {
  it('begins alike whatever its length', () => {
    const short = sequence(100).slice(0, 100);
    expect(sequence(100_000).slice(0, 100)).toEqual(short);
  });

  it('has the mean and variance of its distribution', () => {
    const values = sequence(100_000);
    expect(mean(values)).toBeCloseTo(expected, 1);
    expect(variance(values)).toBeCloseTo(spread, 1);
  });
});
