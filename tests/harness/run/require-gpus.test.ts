import { describe, expect } from 'vitest';
import { requireGpus } from '../../../harness/run/require-gpus.js';
import { planRun, startRun } from '../../../harness/run/run.js';
import { thisMachine } from '../../../harness/run/worker/training-place.js';
import type { Plan } from '../../../results/plan.js';
import { it } from '../../support/folder.js';
import { refusalOf } from '../../support/refusal.js';

const plan = await planRun('tests/support/suites/tiny.ts', { engine: 'onnxruntime' });

const on = (id: string, device: string): Plan => ({
  ...plan,
  conditions: { ...plan.conditions, engine: { id, version: '2.14.1', device } },
});

describe('GPUs by their numbers', () => {
  it('are taken by PyTorch on CUDA, one training on each', () => {
    requireGpus(on('pytorch', 'cuda'), { gpus: [0, 2] });
    expect(thisMachine(16, [0, 2]).atOnce).toBe(2);
    expect(thisMachine(16).atOnce).toBe(16);
  });

  it.for([
    ['pytorch', 'cpu'],
    ['onnxruntime', 'cuda'],
  ] as const)('are refused for %s on %s', async ([id, device]) => {
    expect(await refusalOf(() => requireGpus(on(id, device), { gpus: [0] }))).toBe(
      `The run is planned for ${id} on ${device}, which takes no CUDA devices by their numbers. Use --engine pytorch:cuda, or leave out --devices.`,
    );
    requireGpus(on(id, device), {});
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
