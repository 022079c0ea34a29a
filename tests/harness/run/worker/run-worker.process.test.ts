import { afterEach, describe, expect, it } from 'vitest';
import { builtLibrary, builtModule } from '../../../support/command-line.js';

const { planRun } = await builtLibrary();
const { runWorker } = await builtModule<typeof import('../../../../harness/run/worker/run-worker.js')>(
  'harness/run/worker/run-worker.js',
);

const plan = await planRun('tests/support/suites/late-error.ts', { engine: 'onnxruntime' });
const candidate = plan.candidates[0]?.name ?? '';

const work = (noise: string) => {
  process.env.LIGHTBENCH_TEST_NOISE = noise;
  return runWorker({ job: 'fitting-batch', plan, candidate });
};

describe('a worker', () => {
  afterEach(() => {
    delete process.env.LIGHTBENCH_TEST_NOISE;
  });

  it('may write more to standard error than is kept of it', async () => {
    expect(await work('1')).toEqual({ say: 'all-batches-fit' });
  });

  it('reports an error that is thrown where nobody waits for it by its message', async () => {
    expect(await work('throw')).toMatchObject({
      say: 'failed',
      error: expect.stringMatching(/the block broke later/),
      cause: 'error',
    });
  });
});
