import { describe, expect, it } from 'vitest';
import { longestFirst, workOf } from '../../../../harness/run/trainings/training-work.js';
import { planRun } from '../../../../index.js';

const plan = await planRun('tests/support/suites/tiny.ts', { engine: 'onnxruntime', seeds: 2 });

describe('the work of trainings', () => {
  it('is the multiply-adds of a training step, by the key of the trial', () => {
    const macs = new Map(plan.candidates.map(({ name, costs }) => [name, costs.train.macs]));
    expect([...workOf(plan)]).toEqual(plan.trials.map(({ key, candidate }) => [key, macs.get(candidate)]));
  });

  it('puts the longest of a seed first, after all of the seed before', () => {
    const work = new Map([
      ['a0', 1],
      ['b0', 2],
      ['a1', 1],
      ['b1', 2],
    ]);
    const trials = ['a1', 'b1', 'a0', 'b0'].map((key) => ({
      key,
      candidate: key.slice(0, 1),
      seed: Number(key.slice(1)),
      state: 'pending' as const,
    }));
    expect(longestFirst(trials, work).map(({ key }) => key)).toEqual(['b0', 'a0', 'b1', 'a1']);
  });
});
