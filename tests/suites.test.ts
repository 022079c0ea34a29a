import { describe, expect, it } from 'vitest';
import { loadDataset } from '../harness/data/registry.js';
import { resolveEngine } from '../harness/engines/registry.js';
import { planSuite } from '../harness/run/plan/plan.js';
import { loadSuite } from '../harness/run/plan/suite/load-suite.js';
import { SUITES } from '../suites/registry.js';

describe('a suite that comes with the package', () => {
  it.each(SUITES.map(({ id }) => id))('%s: every candidate meets every budget', async (id) => {
    const loaded = { ...(await loadSuite(id)), imagenet: null };
    const dataset = await loadDataset(loaded.suite.data.dataset);
    const { candidates } = planSuite(loaded, dataset, await resolveEngine('onnxruntime'));
    expect(candidates.length).toBeGreaterThan(1);
    for (const { name, budget } of candidates) {
      for (const met of [budget, budget?.second]) {
        if (met !== undefined) expect(Math.abs(met.residual), name).toBeLessThanOrEqual(met.tolerance);
      }
    }
  });
});
