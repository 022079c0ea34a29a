import { expect, it } from 'vitest';
import { accuracyPeakMemory } from '../../../../reports/charts/accuracy-peak-memory.js';
import { memoryTable } from '../../../../reports/page/networks/memory.js';
import { viewOf } from '../../../../reports/view/view.js';
import { type Plan, planSchema } from '../../../../results/plan/plan.js';
import { analysisFixture } from '../../../support/analysis-fixture.js';
import { runFixture } from '../../../support/run-fixture.js';

const viewed = (change: (plan: Plan) => Plan = (plan) => plan) => {
  const { run } = runFixture({ change });
  return viewOf({ run, analysis: analysisFixture(run) });
};

/** As plans were before memory was counted. */
const withoutMemory = (plan: Plan): Plan => ({
  ...plan,
  candidates: plan.candidates.map((candidate) => {
    const { peakMemory: _peak, weightBytes: _weights, ...deploy } = candidate.costs.deploy;
    return { ...candidate, costs: { ...candidate.costs, deploy } };
  }),
});

it('the table of memory tells what each form needs, where it was counted', () => {
  const view = viewed();
  const table = memoryTable(view)?.markup ?? '';
  for (const { candidate } of view.candidates) {
    const { values = Number.NaN, path } = candidate.costs.train.peakMemory ?? {};
    expect(table).toContain(`${(values / 1024).toFixed(1)}`);
    expect(table).toContain(path);
  }
});

it('plans of versions that did not count it are valid, and have neither the table nor the chart', () => {
  const view = viewed(withoutMemory);
  expect(planSchema.safeParse(JSON.parse(JSON.stringify(view.run.plan))).error).toBeUndefined();
  expect(memoryTable(view)).toBeNull();
  expect(accuracyPeakMemory.draw(view)).toBeNull();
});
