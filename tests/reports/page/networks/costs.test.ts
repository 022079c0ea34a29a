import { expect, it } from 'vitest';
import { costTable } from '../../../../reports/page/networks/costs.js';
import { viewOf } from '../../../../reports/view/view.js';
import { blockShareOf } from '../../../../results/plan/candidate.js';
import { analysisFixture } from '../../../support/analysis-fixture.js';
import { withLatencyBudget } from '../../../support/latency-budget.js';
import { type RunFixture, runFixture } from '../../../support/run-fixture.js';

const pageOf = ({ run }: RunFixture): string =>
  costTable(viewOf({ run, analysis: analysisFixture(run) })).markup;

it('the residual of a budget has its interval where it was measured', () => {
  expect(pageOf(runFixture({ change: withLatencyBudget }))).toContain('−1.25 (−2.00 to −0.50)');
  expect(pageOf(runFixture())).not.toMatch(/\([−+]\S+ to /);
});

it('a published network has no share of blocks, for none of its blocks is under test', () => {
  const fixture = runFixture();
  const shareOf = (group: 'lightnet' | 'network') =>
    blockShareOf({ group, blockShare: { params: 0.4, macs: 0.3 } });
  expect(shareOf('network')).toBeNull();
  expect(shareOf('lightnet')).toEqual({ params: 0.4, macs: 0.3 });
  const networks = fixture.run.plan.candidates.filter(({ group }) => group === 'network');
  expect(networks.length).toBeGreaterThan(0);
  for (const { name, blockShare } of networks) {
    const [, row = ''] = new RegExp(`<tr>(?:(?!</tr>).)*${name}(.*?)</tr>`, 's').exec(pageOf(fixture)) ?? [];
    expect(row).not.toBe('');
    expect(row).not.toContain(`data-sort="${blockShare.params}"`);
  }
});
