import { compareAccuracy } from '../../harness/regression/compare/accuracy-changes.js';
import { DEFAULT_THRESHOLDS } from '../../results/plan/thresholds.js';
import type { Run } from '../../results/run/run.js';

/** As if both runs had been made by one engine, so that what differs is only what was trained. */
const trainedOf = (name: string, { plan, trials }: Run) => ({
  name,
  thresholds: DEFAULT_THRESHOLDS,
  entries: plan.candidates,
  accuracy: {
    conditions: {
      ...plan.conditions,
      engine: { id: 'any', version: '0.0.0', device: 'cpu' },
      lightbench: '0',
    },
    trials: trials.flatMap((trial) =>
      trial.state === 'done'
        ? [{ candidate: trial.candidate, seed: trial.seed, testCorrect: trial.result.testCorrect }]
        : [],
    ),
  },
});

/**
 * The verdict on every candidate of two runs of one suite by two engines, as `compare` gives it for two runs by one engine. Throws Error
 * the runs differ in more than the engine, or one has no trained trial.
 */
export const engineAccuracies = (one: Run, other: Run) => {
  const compared = compareAccuracy(trainedOf('one', one), trainedOf('the other', other));
  if (compared.state === 'compared') return compared.entries;
  throw new Error(compared.reasons.join('; '));
};
