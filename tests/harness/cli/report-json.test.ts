import { describe, expect, it } from 'vitest';
import { analyse } from '../../../harness/analysis/analyse.js';
import { reportContract } from '../../../harness/cli/contracts/run.js';
import { reportJson } from '../../../harness/cli/report-json.js';
import { analysisFixture } from '../../support/analysis-fixture.js';
import { runFixture } from '../../support/run-fixture.js';

const RUNS = {
  'a finished run': runFixture({ failures: false }).run,
  'a run with failures': runFixture().run,
  'a run of one seed': runFixture({ seeds: 1 }).run,
  'a run of which nothing is done': { ...runFixture().run, trials: [], latency: new Map() },
};

describe('the JSON of a report', () => {
  it.each(Object.entries(RUNS))('of %s is as its schema says, also once it is written', (_what, run) => {
    for (const analysis of [analyse(run), analysisFixture(run)]) {
      const json = reportJson(run, analysis);
      expect(reportContract.parse(JSON.parse(JSON.stringify(json)))).toEqual(json);
    }
  });

  it('has every candidate, comparison and claim, accuracies in points and latencies in per cent', () => {
    const run = { ...RUNS['a finished run'] };
    const names = run.plan.candidates.map(({ name }) => name);
    const claims = [`accuracy(${names[0]}) > accuracy(${names[1]})`, 'nonsense'];
    const planned = { ...run, plan: { ...run.plan, claims } };
    const analysis = analyse(planned);
    const json = reportJson(planned, analysis);
    expect(json.candidates.map(({ name }) => name)).toEqual(names);
    for (const [i, { top1 }] of analysis.candidates.entries()) {
      expect(json.candidates[i]?.top1?.mean).toBeCloseTo(100 * (top1?.value ?? 0), 10);
    }
    const comparisons = analysis.groups.flatMap((group) => group.comparisons);
    expect(json.comparisons).toHaveLength(comparisons.length);
    for (const [i, { effect, verdict, candidate, reference }] of comparisons.entries()) {
      expect(json.comparisons[i]).toMatchObject({ a: candidate, b: reference, verdict: verdict.state });
      expect(json.comparisons[i]?.difference).toBeCloseTo(100 * effect, 10);
    }
    expect(json.claims.map(({ claim }) => claim)).toEqual(claims);
    expect(json.claims[1]).toMatchObject({ answer: 'not comparable', difference: null, interval: null });
    expect(json.claims[1]?.reason).toMatch(/cannot be read/);
  });

  it('puts candidates of one group, and no others, under one name', () => {
    const { run } = runFixture();
    const analysis = analyse(run);
    const { candidates } = reportJson(run, analysis);
    const nameOf = new Map(candidates.map(({ name, group }) => [name, group]));
    const groups = analysis.groups.map((group) => new Set(group.candidates.map((name) => nameOf.get(name))));
    expect(groups.every(({ size }) => size === 1)).toBe(true);
    expect(new Set(groups.flatMap((names) => [...names])).size).toBe(groups.length);
  });
});
