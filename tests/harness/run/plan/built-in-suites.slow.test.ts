/** Every suite that comes with the package can be run on small images: its data are there, and its knobs reach its budget. */
import { expect, it } from 'vitest';
import { loadDataset } from '../../../../harness/data/registry.js';
import { onnxruntime } from '../../../../harness/engines/onnx/engine.js';
import { loadSuite } from '../../../../harness/run/plan/load-suite.js';
import { planSuite } from '../../../../harness/run/plan/plan.js';
import { SUITES } from '../../../../suites/registry.js';

it.for(SUITES.map(({ id }) => id))('%s', async (id) => {
  const loaded = await loadSuite(id);
  const { data, seeds, candidates } = loaded.suite;
  const plan = planSuite(loaded, await loadDataset(data.dataset), {
    engine: onnxruntime,
    version: '1.2.3',
    device: 'cpu',
    reason: 'asked for',
  });
  expect(plan.trials).toHaveLength(seeds * candidates.length);
  for (const { name, budget } of plan.candidates) expect([name, budget?.residual]).not.toContain(undefined);
});
