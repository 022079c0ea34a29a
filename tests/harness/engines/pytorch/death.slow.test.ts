/** What happens to the one process where the other is killed. */
import { once } from 'node:events';
import { join } from 'node:path';
import { execaNode } from 'execa';
import { describe, expect } from 'vitest';
import { builtLibrary } from '../../../support/command-line.js';
import { it } from '../../../support/folder.js';
import { descendant, millisecondsUntilEnd } from '../../../support/processes.js';
import { torchEngineIsMissing } from '../../../support/torch-engine.js';

const { planRun, resumeRun, startRun } = await builtLibrary();

const missing = process.platform === 'linux' ? torchEngineIsMissing : 'processes are looked for in /proc';

const PROGRAM = 'pytorch/python/main.py';
const SUITE = 'tests/support/suites/one-network.ts';

describe.skipIf(missing)(`two processes, one of them killed${missing ? ` (${missing})` : ''}`, () => {
  it('Python ends soon after the process that it computes for, in the middle of a step', async () => {
    const child = execaNode('tests/support/train-in-python.ts', {
      nodeOptions: ['--import', 'jiti/register'],
      buffer: false,
      reject: false,
    });
    await once(child.stdout, 'data');
    const python = await descendant(process.pid, PROGRAM);
    child.kill('SIGKILL');
    // Two seconds where the machine has time for it.
    expect(await millisecondsUntilEnd(python, 20_000)).not.toBeNull();
    await child;
  });

  it('a trial whose Python is killed says so, and goes on with its last epoch when its run is resumed', async ({
    folder,
  }) => {
    const [disturbed, whole] = [join(folder, 'disturbed'), join(folder, 'whole')];
    const plan = await planRun(SUITE, { engine: 'pytorch:cpu' });
    let isKilled = false;
    const failed = await startRun(plan, disturbed, {
      retries: 0,
      onEvent: (event) => {
        if (event.kind !== 'trial-epoch' || event.epoch.epoch < 3 || isKilled) return;
        isKilled = true;
        void descendant(process.pid, PROGRAM).then((python) => process.kill(python, 'SIGKILL'));
      },
    });
    expect(failed.trials[0]).toMatchObject({
      state: 'failed',
      cause: 'out-of-memory',
      error: expect.stringContaining('The Python process of the engine pytorch was killed by SIGKILL'),
    });
    const epochs: number[] = [];
    const [resumed] = (
      await resumeRun(disturbed, {
        onEvent: (event) => {
          if (event.kind === 'trial-epoch') epochs.push(event.epoch.epoch);
        },
      })
    ).trials;
    // The state after the second epoch is kept for certain; that after the third may have been on its way.
    expect(epochs[0]).toBeGreaterThan(2);
    const [undisturbed] = (await startRun(plan, whole)).trials;
    if (resumed?.state !== 'done' || undisturbed?.state !== 'done') throw new Error('A trial failed.');
    expect(resumed.result.testCorrect).toBe(undisturbed.result.testCorrect);
    expect(resumed.result.testLoss).toBe(undisturbed.result.testLoss);
  });
});
