import { describe, expect, it } from 'vitest';
import { planRun } from '../index.js';
import { SUITES } from '../suites/registry.js';

describe('a suite that comes with the package', () => {
  it.each(SUITES.map(({ id }) => id))('%s: every candidate meets every budget', async (id) => {
    const { candidates, candidatesAt224 = [] } = await planRun(id, { engine: 'onnxruntime' });
    expect(candidates.length).toBeGreaterThan(1);
    for (const { name, budget } of [...candidates, ...candidatesAt224]) {
      for (const met of [budget, budget?.second]) {
        if (met !== undefined) expect(Math.abs(met.residual), name).toBeLessThanOrEqual(met.tolerance);
      }
    }
  });
});
