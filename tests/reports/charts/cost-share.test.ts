import { describe, expect, it } from 'vitest';
import { costShareParams } from '../../../reports/charts/cost-share.js';
import { viewOf } from '../../../reports/view/view.js';
import type { Plan } from '../../../results/plan/plan.js';
import { analysisFixture } from '../../support/analysis-fixture.js';
import { runFixture } from '../../support/run-fixture.js';

/** All parameters of the first candidate are of this kind. */
const ofOneKind =
  (kind: string) =>
  (plan: Plan): Plan => ({
    ...plan,
    candidates: plan.candidates.slice(0, 1).map((candidate) => {
      const { deploy } = candidate.costs;
      const byKind = { [kind]: { params: deploy.params, macs: deploy.macs, flops: deploy.flops } };
      return { ...candidate, costs: { ...candidate.costs, deploy: { ...deploy, byKind } } };
    }),
  });

const keyOf = (change: (plan: Plan) => Plan) => {
  const { run } = runFixture({ epochs: 1, change });
  const drawing = costShareParams.draw(viewOf({ run, analysis: analysisFixture(run) }));
  return drawing?.key?.map(({ label }) => label);
};

describe('the key of the shares of a cost', () => {
  it.each(['pointwise', 'attention'])(
    'names the kinds that there are: %s, also where a record knows no other',
    (kind) => {
      expect(keyOf(ofOneKind(kind))).toEqual([kind]);
    },
  );

  it('leaves out kinds without a share', () => {
    const key = keyOf((plan) => plan);
    expect(key).toContain('pointwise');
    expect(key).not.toContain('attention');
  });
});
