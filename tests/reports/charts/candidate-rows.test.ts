/** Charts with a row a candidate, of more candidates than rows with names can be told apart. */
import { describe, expect, it } from 'vitest';
import { MOST_NAMED } from '../../../reports/charts/candidate-rows.js';
import { isTooMany } from '../../../reports/charts/chart.js';
import { costShareMacs } from '../../../reports/charts/cost-share.js';
import { differencesLatency, differencesTop1 } from '../../../reports/charts/differences.js';
import { latencyDistribution } from '../../../reports/charts/latency-distribution.js';
import { verdictMatrix } from '../../../reports/charts/verdict-matrix.js';
import { chosenView } from '../../../reports/page/script/choice.js';
import { viewOf } from '../../../reports/view/view.js';
import { analysisFixture } from '../../support/analysis-fixture.js';
import { withCandidates } from '../../support/many-candidates.js';
import { runFixture } from '../../support/run-fixture.js';

const { run } = runFixture({
  epochs: 1,
  seeds: 1,
  failures: false,
  change: withCandidates(MOST_NAMED + 1),
});
const many = viewOf({ run, analysis: analysisFixture(run) });
const [one] = many.candidates;
const fewer = chosenView(many, {
  hidden: new Set([one?.label ?? '']),
  references: new Map(),
  focus: null,
  cost: null,
});

describe.each(
  [differencesTop1, differencesLatency, latencyDistribution].map((chart) => [chart.id, chart] as const),
)('%s', (_id, chart) => {
  it('gives the room of names to the plot where there are none', () => {
    const [without, named] = [chart.draw(many), chart.draw(fewer)];
    expect(without?.margins.left).toBeLessThan((named?.margins.left ?? 0) / 4);
    expect(JSON.stringify(without?.spec)).not.toContain('labelPadding":20');
    expect(JSON.stringify(named?.spec)).toContain('labelPadding":20');
  });
});

it('rows of latency without names stand in its order', () => {
  const spec = latencyDistribution.draw(many)?.spec as { encoding?: { y?: { sort?: string[] } } } | undefined;
  const latency = new Map(
    many.candidates.map(({ label, latencyMs }) => [label, latencyMs?.value ?? Number.NaN]),
  );
  const values = (spec?.encoding?.y?.sort ?? []).map((label) => latency.get(label) ?? Number.NaN);
  expect(values).toHaveLength(many.candidates.length);
  expect(values).toEqual(values.toSorted((a, b) => a - b));
});

it.each([costShareMacs, verdictMatrix].map((chart) => [chart.id, chart] as const))(
  '%s waits until candidates are few enough',
  (_id, chart) => {
    expect(chart.draw(many)).toBeNull();
    expect(isTooMany(chart, many)).toBe(true);
    const most = chart.most ?? 0;
    const few = chosenView(many, {
      hidden: new Set(many.candidates.slice(most).map(({ label }) => label)),
      references: new Map(),
      focus: null,
      cost: null,
    });
    expect(isTooMany(chart, few)).toBe(false);
    expect(chart.draw(few)).not.toBeNull();
  },
);
