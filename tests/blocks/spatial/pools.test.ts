import { describe, expect, it } from 'vitest';
import { buildAlone } from '../../../blocks/build.js';
import { untrainedWeights } from '../../support/random.js';
import { referenceOutput } from '../../support/reference.js';
import { kernelWeights, learnable } from '../learnable.js';

describe.each(['avg-pool', 'max-pool'])('%s', (id) => {
  it('learns nothing but its batch norm', () => {
    const graph = buildAlone(`${id}(kernel=5)`, [6, 9, 9]);
    expect(kernelWeights(graph)).toBe(0);
    expect(learnable(graph)).toBe(2 * 6);
  });
});

/** Rows and columns 0 1 2 / 3 4 5 / 6 7 8, through a batch norm of mean 0 and variance 1. */
const pooled = (id: string): readonly number[] => {
  const graph = buildAlone(id, [1, 3, 3]);
  const image = Float32Array.from({ length: 9 }, (_, i) => i);
  const output = referenceOutput(graph, untrainedWeights(graph, 1), image, { batch: 1, mode: 'inference' });
  return [...output].map((value) => Number((value * Math.sqrt(1 + 1e-5)).toFixed(9)));
};

describe('a window that reaches over the edge', () => {
  it('has zeros there for the average', () => {
    expect(pooled('avg-pool').map((value) => Math.round(9 * value))).toEqual([
      8, 15, 12, 21, 36, 27, 20, 33, 24,
    ]);
  });

  it('has nothing there for the maximum', () => {
    expect(pooled('max-pool')).toEqual([4, 5, 5, 7, 8, 8, 7, 8, 8]);
  });
});
