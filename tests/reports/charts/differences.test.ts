import { expect, it } from 'vitest';
import { differencesLatency } from '../../../reports/charts/differences.js';
import { viewOf } from '../../../reports/view/view.js';
import { analysisFixture } from '../../support/analysis-fixture.js';
import { runFixture } from '../../support/run-fixture.js';

it('cuts off intervals that would make all differences look alike, and keeps them in its data', () => {
  const { run } = runFixture({ failures: false });
  const analysis = analysisFixture(run);
  const groups = analysis.groups.map((group) => ({
    ...group,
    comparisons: group.comparisons.map((pair) =>
      pair.metric === 'latency' ? { ...pair, interval: [-0.99, 1e50] as const } : pair,
    ),
  }));
  const drawing = differencesLatency.draw(viewOf({ run, analysis: { ...analysis, groups } }));
  const values = JSON.parse(JSON.stringify(drawing?.spec.data)).values as { effect: number; high: number }[];
  const largest = Math.max(...values.map(({ effect }) => Math.abs(effect)));
  expect(values.length).toBeGreaterThan(0);
  for (const { high } of values) expect(high).toBe(Math.max(100, 5 * largest));
  for (const row of drawing?.rows ?? []) expect(row.high).toBeGreaterThan(9000);
});
