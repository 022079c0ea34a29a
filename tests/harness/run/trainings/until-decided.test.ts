import { describe, expect, it } from 'vitest';
import { withSeeds } from '../../../../harness/run/plan/plan.js';
import { affordable, withLook } from '../../../../harness/run/trainings/until-decided.js';
import type { Run } from '../../../../results/run/run.js';
import { runFixture } from '../../../support/run-fixture.js';

const { run } = runFixture();
const untilDecided = { firstSeeds: 3, maxSeeds: 6, looks: [] };

/** Of two seeds, one trial of which has failed. */
const waiting = (): Run => {
  const names = run.plan.candidates.map((one): [string, number] => [one.name, 2]);
  const plan = withSeeds({ ...run.plan, untilDecided, trials: [] }, new Map(names));
  const result = run.trials.flatMap((trial) => (trial.state === 'done' ? [trial.result] : []))[0];
  if (result === undefined) throw new Error('the fixture has no trial that is done');
  const trials = plan.trials.map((trial, i) =>
    i === 1
      ? { ...trial, state: 'failed' as const, error: 'loss is not finite' }
      : { ...trial, state: 'done' as const, result },
  );
  return { ...run, plan, trials };
};

describe('what the time affords', () => {
  const macs = new Map(run.plan.candidates.map(({ name, costs }) => [name, costs.train.macs]));
  const done = run.trials
    .filter(({ state }) => state === 'done')
    .reduce((sum, { candidate }) => sum + (macs.get(candidate) ?? 0), 0);

  it('is as much again as has been done, where half of it is spent', () => {
    expect(affordable(run, 200, 100)).toBeCloseTo(done, 3);
    expect(affordable(run, 150, 100)).toBeCloseTo(done / 2, 3);
  });

  it('is nothing where it is spent, and everything where there is no end', () => {
    expect(affordable(run, 100, 100)).toBe(0);
    expect(affordable(run, 100, 130)).toBe(0);
    expect(affordable({ ...run, trials: [] }, 100, 0)).toBe(0);
    expect(affordable(run, undefined, 100)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('a look that asks for seeds', () => {
  const [first] = run.plan.candidates;
  const name = first?.name ?? '';

  it('adds them at the end of the plan, and is kept with the trials that it saw', () => {
    const before = waiting();
    const plan = withLook(before, new Map([[name, 5]]));
    const { trials } = before.plan;
    expect(plan?.trials.slice(0, trials.length)).toEqual(trials);
    expect(plan?.trials.filter(({ candidate }) => candidate === name)).toHaveLength(5);
    expect(plan?.untilDecided?.looks).toEqual([{ trials: trials.length, failed: [trials[1]?.key] }]);
    expect(plan?.planKey).toBe(run.plan.planKey);
  });

  it('is the last where it asks for none', () => {
    expect(withLook(waiting(), new Map())).toBeNull();
    expect(withLook(waiting(), new Map([[name, 2]]))).toBeNull();
    expect(withLook(run, new Map([[name, 5]]))).toBeNull();
  });
});
