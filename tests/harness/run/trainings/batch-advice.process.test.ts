import { describe, expect, it } from 'vitest';
import { builtLibrary, builtModule } from '../../../support/command-line.js';

const { planRun } = await builtLibrary();
const { batchAdvice } = await builtModule<typeof import('../../../../harness/run/trainings/batch-advice.js')>(
  'harness/run/trainings/batch-advice.js',
);

const plan = await planRun('tests/support/suites/tiny.ts');

describe('the advice', () => {
  it('is fewer trials at a time where the batch fits by itself', async () => {
    expect(await batchAdvice(plan, 'depthwise')).toBe(
      'A step of its 32 images runs by itself: try fewer --jobs.',
    );
  });

  it('is not waited for once the run is stopped', async () => {
    const stopped = AbortSignal.abort(new Error('stopped'));
    await expect(batchAdvice(plan, 'depthwise', stopped)).rejects.toThrow('stopped');
  });
});
