import { describe, expect, it } from 'vitest';
import { planRun } from '../../../../../harness/run/run.js';
import { batchesUpTo, tryBatches } from '../../../../../harness/run/worker/jobs/fitting-batch.js';

const TINY = 'tests/support/suites/tiny.ts';

describe('the batches that are tried', () => {
  it.each([
    [1, [1]],
    [2, [1, 2]],
    [8, [1, 2, 4, 8]],
    [20, [1, 2, 4, 8, 16, 20]],
  ])('up to %i are its halves rounded to powers of two, and itself', (most, batches) => {
    expect(batchesUpTo(most)).toEqual(batches);
  });

  it('are trained one after another, and told of when they have run', async () => {
    const fitting: number[] = [];
    await tryBatches(await planRun(TINY), 'repso', async (batch) => {
      fitting.push(batch);
    });
    expect(fitting).toEqual([1, 2, 4, 8, 16, 32]);
  });
});
