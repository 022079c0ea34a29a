/** A run whose learning rates were tuned: every candidate reached most on validation with the rate given. */
import type { Run } from '../../results/run/run.js';
import { runFixture } from './run-fixture.js';

export const tunedRun = (rates: readonly number[], best: number, epochs: number): Run => {
  const { run } = runFixture({ failures: false });
  const { plan } = run;
  const tuning = { learningRates: [...rates], epochs, seed: -1 };
  const epoch = { epoch: 1, trainLoss: 1, validationLoss: 1, seconds: 1 };
  return {
    ...run,
    plan: { ...plan, conditions: { ...plan.conditions, tuning } },
    tries: plan.candidates.flatMap(({ name }) =>
      rates.map((learningRate) => ({
        key: `${name} ${learningRate}`,
        candidate: name,
        learningRate,
        state: 'done' as const,
        result: {
          epochs: [{ ...epoch, learningRate, validationTop1: learningRate === best ? 0.8125 : 0.5 }],
        },
      })),
    ),
  };
};
