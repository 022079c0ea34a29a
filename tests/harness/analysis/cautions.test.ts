import { describe, expect, it } from 'vitest';
import { cautionsOf } from '../../../harness/analysis/cautions.js';
import type { Run } from '../../../results/record.js';
import { runFixture } from '../../support/run-fixture.js';
import { tunedRun } from '../../support/tuned-run.js';

const cautions = (run: Run): readonly string[] =>
  cautionsOf({ run, thresholds: { top1: 0.002, latency: 0.01 }, latencyNoiseFloor: 0, designs: [] });

describe('a learning rate at the edge of those tried', () => {
  const RATES = [0.05, 0.1, 0.2];
  const atEdge = (best: number) =>
    cautions(tunedRun(RATES, best, 1)).filter((caution) => caution.includes('learning rate that was tried'));

  it('is warned about for every candidate, and by which edge it is', () => {
    const { candidates } = tunedRun(RATES, 0.05, 1).plan;
    expect(atEdge(0.05)).toHaveLength(candidates.length);
    expect(atEdge(0.05)[0]).toMatch(/did best with the lowest learning rate that was tried \(0\.05\)/);
    expect(atEdge(0.2)[0]).toMatch(/did best with the highest learning rate that was tried \(0\.2\)/);
  });

  it('is not, where it lies between others', () => {
    expect(atEdge(0.1)).toEqual([]);
  });
});

describe('a trial that learned nothing', () => {
  const { run } = runFixture({ failures: false });
  const { classes, testImages } = run.plan.conditions.dataset;
  const withTop1 = (testTop1: number): Run => ({
    ...run,
    trials: run.trials.map((trial, index) =>
      index === 0 && trial.state === 'done' ? { ...trial, result: { ...trial.result, testTop1 } } : trial,
    ),
  });
  const told = (testTop1: number) =>
    cautions(withTop1(testTop1)).filter((caution) => caution.includes('learned nothing'));

  it('is named, up to what guessing may reach by chance', () => {
    const { candidate, seed } = run.trials[0] ?? {};
    expect(told(1 / classes)).toEqual([expect.stringContaining(`(${candidate} seed ${seed})`)]);
    expect(told(1 / classes + 2 / Math.sqrt(testImages))).toEqual([]);
    expect(cautions(run).filter((caution) => caution.includes('learned nothing'))).toEqual([]);
  });
});

describe('a budget of latency', () => {
  const { run } = runFixture({ failures: false });
  const [first] = run.plan.candidates;
  const measured = first && run.latency.get(first.name);
  if (measured?.state !== 'done') throw new Error('the fixture lost its latencies');
  const { medianMs } = measured.result;
  const name = first?.name ?? '';
  const budget = (target: number) => ({
    metric: 'latency' as const,
    target,
    tolerance: 0.05,
    knob: 'expansion',
    value: 3,
    residual: 0,
    residualInterval95: [-0.01, 0.01] as [number, number],
  });
  const withBudget = (target: number): Run => ({
    ...run,
    plan: {
      ...run.plan,
      candidates: run.plan.candidates.map(({ budget: _, ...one }) =>
        one.name === name ? { ...one, budget: budget(target) } : one,
      ),
    },
  });

  it('holds for the machine and the day', () => {
    expect(cautions(withBudget(medianMs))).toContainEqual(
      expect.stringMatching(/met by measuring on this machine/),
    );
    expect(cautions(run)).not.toContainEqual(expect.stringMatching(/met by measuring/));
  });

  it('is told to have moved where the run measured another latency than the plan, beyond the tolerance', () => {
    const moved = (target: number) =>
      cautions(withBudget(target)).filter((caution) => caution.includes('was turned to the latency budget'));
    expect(moved(medianMs / 1.04)).toEqual([]);
    expect(moved(medianMs / 1.2)).toEqual([expect.stringMatching(/measured 20\.0 % off it in the run/)]);
  });

  it('is compared with what a candidate without a knob takes', () => {
    const [, second] = run.plan.candidates;
    expect(cautions(withBudget(medianMs))).toContainEqual(
      expect.stringMatching(`${second?.name} has no knob: its latency differs from the budget by`),
    );
  });
});
