import { describe, expect, it } from 'vitest';
import { betweenRuns } from '../../../reports/wording/between-runs.js';
import type { Plan } from '../../../results/plan/plan.js';
import type { Run } from '../../../results/run/run.js';
import { runFixture } from '../../support/run-fixture.js';

const { run } = runFixture();

const withPlan = (change: Partial<Plan>): Run => ({ ...run, plan: { ...run.plan, ...change } });

describe('betweenRuns', () => {
  it('has nothing to say of a run alone', () => {
    expect(betweenRuns([run])).toEqual([]);
  });

  it('names two runs that are not comparable, and why', () => {
    const { conditions, latency } = run.plan;
    const other = withPlan({
      conditions: { ...conditions, dataset: { ...conditions.dataset, contentHash: 'ff' } },
      latency: { ...latency, threads: 2 },
    });
    expect(betweenRuns([run, other])).toEqual([
      'Runs 1 and 2 are not comparable; they differ in: hash of the data set: 5f2c9d0b7a1e4c38 and ff. ' +
        'Their latencies also differ in: threads: 1 and 2.',
    ]);
  });

  it('compares no latencies where all else is equal', () => {
    expect(betweenRuns([run, run])[0]).toMatch(
      /Runs 1 and 2 share all other conditions, but their latencies were measured at different times/,
    );
    const { latency } = run.plan;
    expect(betweenRuns([run, withPlan({ latency: { ...latency, batch: 8 } })])[0]).toMatch(
      /share all other conditions, but their latencies are not comparable: batch: 1 and 8/,
    );
  });

  it('shows hostile text as one line', () => {
    const { conditions } = run.plan;
    const other = withPlan({ conditions: { ...conditions, recipe: { note: 'a\u001b[2J\nb' } } });
    expect(betweenRuns([run, other]).join('')).not.toMatch(/\p{Cc}/u);
  });
});
