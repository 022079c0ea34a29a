import { expect } from 'vitest';
import { planRun } from '../../../../../harness/run/run.js';
import { runTrial } from '../../../../../harness/run/worker/jobs/trial.js';
import type { Plan } from '../../../../../results/plan/plan.js';
import { it } from '../../../../support/folder.js';

it('keeps its float result where int8 fails, and says why', async ({ folder }) => {
  const planned = await planRun('tests/support/suites/int8.ts', { only: 'depthwise' });
  const { int8, ...conditions } = planned.conditions;
  if (int8 === undefined) throw new Error('The suite tests nothing in int8.');
  const diverging = { ...int8, fineTune: { epochs: 1, learningRate: 1e30 } };
  const key = planned.trials[0]?.key ?? '';
  const runWith = (plan: Plan) => runTrial({ plan, key, directory: folder });
  const { result } = await runWith({ ...planned, conditions: { ...conditions, int8: diverging } });
  const { result: inFloat } = await runWith({ ...planned, conditions });
  expect(result.int8).toBeUndefined();
  expect(result.int8Failure).toMatch(/^Fine-tuning in int8 from learning rate .* failed: /);
  expect(inFloat.int8Failure).toBeUndefined();
  expect([result.testTop1, result.testCorrect]).toEqual([inFloat.testTop1, inFloat.testCorrect]);
});

it('tells of fine-tuning in int8 as of the last of a trial’s steps', async ({ folder }) => {
  const plan = await planRun('tests/support/suites/int8.ts', { only: 'depthwise' });
  const key = plan.trials[0]?.key ?? '';
  const steps: (readonly [done: number, total: number])[] = [];
  await runTrial({ plan, key, directory: folder }, { onStep: (...step) => void steps.push(step) });
  const epochs = 3;
  expect(steps.length % epochs).toBe(0);
  expect(steps).toEqual(steps.map((_, index) => [index + 1, steps.length]));
});
