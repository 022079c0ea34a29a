/** A training that goes on on another GPU than the one that it began on; both are made up. */
import { join } from 'node:path';
import { describe, expect, vi } from 'vitest';
import { builtLibrary } from '../../../support/command-line.js';
import { it } from '../../../support/folder.js';
import { numbersOf } from '../../../support/killed-sweep.js';
import { madeUpGpus } from '../../../support/made-up-gpus.js';
import { torchEngineIsMissing } from '../../../support/torch-engine.js';

const { planRun, resumeRun, startRun } = await builtLibrary();

const missing = process.platform === 'win32' ? 'it needs a shell' : torchEngineIsMissing;

const SUITE = 'tests/support/suites/one-network.ts';

describe.skipIf(missing)(`a run with GPUs${missing ? ` (${missing})` : ''}`, () => {
  it('that is stopped goes on on another, from its last epoch, with the numbers of one that was not', async ({
    folder,
  }) => {
    const gpus = madeUpGpus(join(folder, 'gpus'));
    vi.stubEnv('LIGHTBENCH_PYTHON', gpus.python);
    const plan = await planRun(SUITE, { engine: 'pytorch:cuda' });
    const [stopped, whole] = [join(folder, 'stopped'), join(folder, 'whole')];
    const stop = new AbortController();
    const first = startRun(plan, stopped, {
      gpus: [0],
      signal: stop.signal,
      onEvent: (event) => {
        if (event.kind === 'trial-epoch' && event.epoch.epoch === 3) stop.abort(new Error('Stopped.'));
      },
    });
    await expect(first).rejects.toThrow('Stopped.');
    const epochs: number[] = [];
    await resumeRun(stopped, {
      gpus: [1],
      onEvent: (event) => {
        if (event.kind === 'trial-epoch') epochs.push(event.epoch.epoch);
      },
    });
    expect([gpus.uses(0), gpus.uses(1)]).toEqual([1, 1]);
    // The state of the epoch at which it was stopped may not have been kept yet.
    expect(epochs[0]).toBeGreaterThanOrEqual(3);
    await startRun(plan, whole, { gpus: [0] });
    expect(await numbersOf(stopped)).toEqual(await numbersOf(whole));
  });

  it('is not gone on with where there is none, nor by another device', async ({ folder }) => {
    vi.stubEnv('LIGHTBENCH_PYTHON', madeUpGpus(join(folder, 'gpus')).python);
    const plan = await planRun(SUITE, { engine: 'pytorch:cuda' });
    const run = join(folder, 'run');
    const stop = AbortSignal.abort(new Error('Stopped.'));
    await expect(startRun(plan, run, { signal: stop })).rejects.toThrow('Stopped.');
    vi.stubEnv('LIGHTBENCH_PYTHON', 'python3');
    await expect(resumeRun(run)).rejects.toThrow(/^pytorch:cuda is missing: /);
  });
});
