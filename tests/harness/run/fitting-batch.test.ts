import { describe, expect, it } from 'vitest';
import { batchAdvice } from '../../../harness/run/batch-advice.js';
import { batchesUpTo, tryBatches } from '../../../harness/run/fitting-batch.js';
import { planRun } from '../../../harness/run/run.js';

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

describe('the advice', () => {
  it('is fewer trials at a time where the batch fits by itself', async () => {
    expect(await batchAdvice(await planRun(TINY), 'depthwise')).toBe(
      'A step of its 32 images runs by itself: try fewer --jobs.',
    );
  });

  it('is not waited for once the run is stopped', async () => {
    const stopped = AbortSignal.abort(new Error('stopped'));
    await expect(batchAdvice(await planRun(TINY), 'depthwise', stopped)).rejects.toThrow('stopped');
  });
});
