import { expect, it } from 'vitest';
import { costTable } from '../../../reports/page/costs.js';
import { viewOf } from '../../../reports/view.js';
import { analysisFixture } from '../../support/analysis-fixture.js';
import { withLatencyBudget } from '../../support/latency-budget.js';
import { type RunFixture, runFixture } from '../../support/run-fixture.js';

const pageOf = ({ run }: RunFixture): string =>
  costTable(viewOf({ run, analysis: analysisFixture(run) })).markup;

it('the residual of a budget has its interval where it was measured', () => {
  expect(pageOf(runFixture({ change: withLatencyBudget }))).toContain('−1.25 (−2.00 to −0.50)');
  expect(pageOf(runFixture())).not.toMatch(/\([−+]\S+ to /);
});
