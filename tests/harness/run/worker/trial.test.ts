import { expect } from 'vitest';
import { planRun } from '../../../../harness/run/run.js';
import { runTrial } from '../../../../harness/run/worker/trial.js';
import { it } from '../../../support/folder.js';

it('tells of fine-tuning in int8 as of the last of a trial’s steps', async ({ folder }) => {
  const plan = await planRun('tests/support/suites/int8.ts', { only: 'depthwise' });
  const key = plan.trials[0]?.key ?? '';
  const steps: (readonly [done: number, total: number])[] = [];
  await runTrial({ plan, key, directory: folder }, { onStep: (...step) => void steps.push(step) });
  const epochs = 3;
  expect(steps.length % epochs).toBe(0);
  expect(steps).toEqual(steps.map((_, index) => [index + 1, steps.length]));
});
