import { describe, expect, it } from 'vitest';
import { estimateFrom } from '../../../harness/run/estimate.js';
import { runFixture } from '../../support/run-fixture.js';

const { plan } = runFixture({ epochs: 10, seeds: 2 });
const names = plan.candidates.map(({ name }) => name);
const times = (seconds: number) => new Map(names.map((name) => [name, seconds]));

describe('the estimate of a run', () => {
  it('grows with the steps, and is shared among the jobs', () => {
    const [one, slow, two] = [
      estimateFrom(plan, times(0.01), 1),
      estimateFrom(plan, times(0.02), 1),
      estimateFrom(plan, times(0.01), 2),
    ];
    const start = plan.trials.length;
    expect((slow.trainingSeconds - start) / (one.trainingSeconds - start)).toBeCloseTo(2);
    expect(one.trainingSeconds / two.trainingSeconds).toBeCloseTo(2);
    // 54,000 images in batches of 128 are 421 steps; 6,000 and 1,000 images are looked at in a third of a step's time per image.
    const perTrial = 1 + 0.01 * (10 * (421 + 6000 / 128 / 3) + 1000 / 128 / 3);
    expect(one.trainingSeconds).toBeCloseTo(start * perTrial);
  });

  it('takes what was not timed to be as fast for its MACs as what was', () => {
    const [first = ''] = names;
    const macs = (name: string) => plan.candidates.find((one) => one.name === name)?.costs.train.macs ?? 0;
    const partial = estimateFrom(plan, new Map([[first, 0.01]]), 1);
    const full = estimateFrom(
      plan,
      new Map(names.map((name) => [name, (0.01 * macs(name)) / macs(first)])),
      1,
    );
    expect(partial.trainingSeconds).toBeCloseTo(full.trainingSeconds);
    expect(partial.latencySeconds).toBeCloseTo(full.latencySeconds);
  });

  it('is no shorter than the longest training, however many go on at a time', () => {
    const { trainingSeconds, jobs } = estimateFrom(plan, times(1), 1000);
    expect(trainingSeconds).toBeGreaterThan(4000);
    expect(jobs).toBe(plan.trials.length);
  });
});
