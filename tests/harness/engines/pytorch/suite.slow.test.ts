/** A suite by PyTorch, against the same suite by onnxruntime. */
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { compareAccuracy } from '../../../../harness/regression/compare/accuracy-changes.js';
import type { Run } from '../../../../results/run.js';
import { DEFAULT_THRESHOLDS } from '../../../../results/thresholds.js';
import { builtLibrary } from '../../../support/command-line.js';
import { it } from '../../../support/folder.js';
import { torchEngineIsMissing } from '../../../support/torch-engine.js';

const { planRun, startRun } = await builtLibrary();

const missing = torchEngineIsMissing;

/** Two of its candidates. */
const PART = '^(inverted-residual|fasternet)$';

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

describe.skipIf(missing)(`a part of the suite quick by PyTorch${missing ? ` (${missing})` : ''}`, () => {
  it('reaches accuracies that cannot be told from those by onnxruntime', async ({ folder }) => {
    const runs: Run[] = [];
    for (const engine of ['onnxruntime', 'pytorch:cpu']) {
      const plan = await planRun('quick', { engine, only: PART, epochs: 2 });
      runs.push(await startRun(plan, join(folder, engine.replace(':', '-')), { jobs: 2 }));
    }
    for (const { trials } of runs)
      expect(new Set(trials.map(({ state }) => state))).toEqual(new Set(['done']));
    const [before, after] = runs.map((run, i) => trainedOf(String(i), run));
    if (!before || !after) throw new RangeError('Two runs were made.');
    const compared = compareAccuracy(before, after);
    if (compared.state !== 'compared') throw new Error(compared.state);
    expect(compared.entries).toHaveLength(before.entries.length);
    for (const entry of compared.entries) expect(['tie', 'undecided']).toContain(entry.state);
  });
});
