import { describe, expect, it } from 'vitest';
import type { Caution } from '../../../harness/analysis/caution.js';
import { cautionsOf } from '../../../harness/analysis/cautions.js';
import type { Run } from '../../../results/run/run.js';
import { runFixture } from '../../support/run-fixture.js';
import { tunedRun } from '../../support/tuned-run.js';

const cautions = (run: Run): readonly Caution[] =>
  cautionsOf({ run, thresholds: { top1: 0.002, latency: 0.01 }, latencyNoiseFloor: 0, designs: [] });

describe('a learning rate at the edge of those tried', () => {
  const RATES = [0.05, 0.1, 0.2];
  const atEdge = (best: number) =>
    cautions(tunedRun(RATES, best, 1)).filter(({ kind }) => kind === 'rate-at-edge');

  it.each([0.05, 0.2])('is one caution that names every candidate and its rate of %s', (learningRate) => {
    const { candidates } = tunedRun(RATES, learningRate, 1).plan;
    expect(atEdge(learningRate)).toEqual([
      {
        kind: 'rate-at-edge',
        candidates: candidates.map(({ name: candidate }) => ({ candidate, learningRate })),
        lowest: 0.05,
        highest: 0.2,
      },
    ]);
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
    cautions(withTop1(testTop1)).filter(({ kind }) => kind === 'learned-nothing');

  it('is named, up to what guessing may reach by chance', () => {
    const { candidate, seed } = run.trials[0] ?? {};
    expect(told(1 / classes)).toEqual([
      { kind: 'learned-nothing', trials: [{ candidate, seed }], of: run.trials.length },
    ]);
    expect(told(1 / classes + 2 / Math.sqrt(testImages))).toEqual([]);
    expect(cautions(run).filter(({ kind }) => kind === 'learned-nothing')).toEqual([]);
  });

  it('is not said where test images are too few to tell: that is', () => {
    const { conditions } = run.plan;
    const dataset = { ...conditions.dataset, testImages: 30, classes: 4 };
    const small = { ...withTop1(0.48), plan: { ...run.plan, conditions: { ...conditions, dataset } } };
    const found = cautions(small).find(({ kind }) => kind === 'lost-in-chance');
    expect(found).toMatchObject({ testImages: 30, of: run.trials.length });
    expect(found?.kind === 'lost-in-chance' && found.guessing).toBeCloseTo(
      0.25 + 3 * Math.sqrt(0.1875 / 30),
      10,
    );
    expect(cautions(small).some(({ kind }) => kind === 'learned-nothing')).toBe(false);
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
    expect(cautions(withBudget(medianMs))).toContainEqual({ kind: 'budget-of-this-machine' });
    expect(cautions(run)).not.toContainEqual({ kind: 'budget-of-this-machine' });
  });

  it('is told to have moved where the run measured another latency than the plan, beyond the tolerance', () => {
    const moved = (target: number) =>
      cautions(withBudget(target)).filter(({ kind }) => kind === 'off-latency-budget');
    expect(moved(medianMs / 1.04)).toEqual([]);
    expect(moved(medianMs / 1.2)).toEqual([
      { kind: 'off-latency-budget', candidate: name, residual: expect.closeTo(0.2) },
    ]);
  });

  it('is compared with what a candidate without a knob takes', () => {
    const [, second] = run.plan.candidates;
    expect(cautions(withBudget(medianMs))).toContainEqual({
      kind: 'no-knob',
      candidate: second?.name,
      metric: 'latency',
      residual: expect.any(Number),
    });
  });
});
