import { describe, expect, vi } from 'vitest';
import { requireGpus } from '../../../../harness/run/plan/require-gpus.js';
import { planRun, startRun } from '../../../../harness/run/run.js';
import { lendGpus } from '../../../../harness/run/worker/places/lend-gpus.js';
import { thisMachine } from '../../../../harness/run/worker/places/training-place.js';
import type { Plan } from '../../../../results/plan/plan.js';
import { it } from '../../../support/folder.js';
import { madeUpGpus } from '../../../support/made-up-gpus.js';
import { refusalOf } from '../../../support/refusal.js';
import { torchEngineIsMissing } from '../../../support/torch-engine.js';

const plan = await planRun('tests/support/suites/tiny.ts', { engine: 'onnxruntime' });

const on = (id: string, device: string): Plan => ({
  ...plan,
  conditions: { ...plan.conditions, engine: { id, version: '2.14.1', device } },
});

const missing = torchEngineIsMissing;

describe('GPUs by their numbers', () => {
  it.skipIf(missing)(
    `are taken by PyTorch on CUDA, where they are${missing ? ` (${missing})` : ''}`,
    async ({ folder }) => {
      vi.stubEnv('LIGHTBENCH_PYTHON', madeUpGpus(folder).python);
      await requireGpus(on('pytorch', 'cuda'), [1, 0]);
      expect(await refusalOf(() => requireGpus(on('pytorch', 'cuda'), [0, 1, 2]))).toBe(
        'There is no cuda:2 on this machine: PyTorch finds cuda:0 (Made Up 0), cuda:1 (Made Up 1). Name those in --devices.',
      );
    },
  );

  it('are as many as the trainings at a time', () => {
    expect(thisMachine(16, [0, 2]).atOnce).toBe(2);
    expect(thisMachine(16).atOnce).toBe(16);
  });

  it.for([
    ['pytorch', 'cpu'],
    ['onnxruntime', 'cuda'],
  ] as const)('are refused for %s on %s', async ([id, device]) => {
    expect(await refusalOf(() => requireGpus(on(id, device), [0]))).toBe(
      `The run is planned for ${id} on ${device}, which takes no CUDA devices by their numbers. Use --engine pytorch:cuda, or leave out --devices.`,
    );
    await requireGpus(on(id, device));
  });

  it('are refused before a folder is made', async ({ folder }) => {
    const directory = `${folder}/run`;
    expect(await refusalOf(() => startRun(plan, directory, { gpus: [0] }))).toMatch(
      /^The run is planned for/,
    );
    expect(await refusalOf(() => startRun(plan, directory, { gpus: [1] }))).toMatch(
      /^The run is planned for/,
    );
  });
});

describe('a GPU that is lent', () => {
  it('is nobody else’s until it is given back, also by work that fails', async () => {
    const lend = lendGpus([4, 7]);
    let end = (): void => {};
    const long = lend(
      ({ gpu }) =>
        new Promise((resolve) => {
          end = () => resolve(gpu);
        }),
    );
    const fails = lend(async ({ gpu }) => {
      throw new Error(`on ${gpu}`);
    });
    await expect(lend(async () => {})).rejects.toThrow('All of 2 GPUs are at work.');
    await expect(fails).rejects.toThrow('on 7');
    expect(await lend(async ({ gpu }) => gpu)).toBe(7);
    end();
    expect(await long).toBe(4);
  });

  it('is none where none are named', async () => {
    const lend = lendGpus();
    expect(await Promise.all([lend(async (where) => where), lend(async (where) => where)])).toEqual([{}, {}]);
  });
});
