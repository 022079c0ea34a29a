/** A suite by PyTorch, against the same suite by onnxruntime. */
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import type { Run } from '../../../../results/run/run.js';
import { builtLibrary } from '../../../support/command-line.js';
import { engineAccuracies } from '../../../support/engine-accuracies.js';
import { it } from '../../../support/folder.js';
import { torchEngineIsMissing } from '../../../support/torch-engine.js';

const { planRun, startRun } = await builtLibrary();

const missing = torchEngineIsMissing;

/** Two of its candidates. */
const PART = '^(inverted-residual|fasternet)$';

describe.skipIf(missing)(`a part of the suite quick by PyTorch${missing ? ` (${missing})` : ''}`, () => {
  it('reaches accuracies that cannot be told from those by onnxruntime', async ({ folder }) => {
    const runs: Run[] = [];
    for (const engine of ['onnxruntime', 'pytorch:cpu']) {
      const plan = await planRun('quick', { engine, only: PART, epochs: 2 });
      runs.push(await startRun(plan, join(folder, engine.replace(':', '-')), { jobs: 2 }));
    }
    for (const { trials } of runs)
      expect(new Set(trials.map(({ state }) => state))).toEqual(new Set(['done']));
    const [before, after] = runs;
    if (!before || !after) throw new RangeError('Two runs were made.');
    const entries = engineAccuracies(before, after);
    expect(entries).toHaveLength(before.plan.candidates.length);
    for (const entry of entries) expect(['tie', 'undecided']).toContain(entry.state);
  });
});
