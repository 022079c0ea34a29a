import { expect, it } from 'vitest';
import { costTable } from '../../../reports/page/costs.js';
import { viewOf } from '../../../reports/view.js';
import { analysisFixture } from '../../support/analysis-fixture.js';
import { withLatencyBudget } from '../../support/latency-budget.js';
import { runFixture } from '../../support/run-fixture.js';

it('the residual of a budget that was measured has its interval', () => {
  const { run } = runFixture({ change: withLatencyBudget });
  const { markup } = costTable(viewOf({ run, analysis: analysisFixture(run) }));
  expect(markup).toContain('−1.25 (−2.00 to −0.50)');
  const exact = costTable(viewOf({ run: runFixture().run, analysis: analysisFixture(run) })).markup;
  expect(exact).not.toMatch(/\([−+]\S+ to /);
});
