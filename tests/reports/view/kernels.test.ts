import { describe, expect, it } from 'vitest';
import { type KernelPart, meanMagnitudes, shareOf } from '../../../reports/view/kernels.js';
import { viewOf } from '../../../reports/view/view.js';
import type { Run } from '../../../results/run/run.js';
import { analysisFixture } from '../../support/analysis-fixture.js';
import { runFixture } from '../../support/run-fixture.js';

const { run } = runFixture({ epochs: 2 });

/** All shares in one tap, another for each seed. */
const withOneTap = (original: Run): Run => ({
  ...original,
  trials: original.trials.map((trial) => {
    if (trial.state !== 'done') return trial;
    const taps = Array.from({ length: 9 }, (_, tap) => (tap === trial.seed ? 1 : 0));
    const matrix = [taps.slice(0, 3), taps.slice(3, 6), taps.slice(6)];
    return {
      ...trial,
      result: { ...trial.result, kernelMagnitudes: [{ kernel: 3, layers: 1, kernels: 1, matrix }] },
    };
  }),
});

const meanOf = (of: Run, id: string, kernel: number) => {
  const candidate = viewOf({ run: of, analysis: analysisFixture(of) }).candidates.find(
    (one) => one.id === id,
  );
  return candidate && meanMagnitudes(candidate, kernel);
};

describe('the mean magnitudes of a candidate', () => {
  it('are over the seeds that are done', () => {
    expect(meanOf(withOneTap(run), 'identity', 3)?.[0]).toEqual([1 / 3, 1 / 3, 1 / 3]);
    expect(meanOf(withOneTap(run), 'repso', 3)?.[0]).toEqual([1 / 2, 1 / 2, 0]);
  });

  it('are none where no kernel has this size, or the run recorded none', () => {
    expect(meanOf(withOneTap(run), 'identity', 5)).toBeNull();
    const old = {
      ...run,
      trials: run.trials.map((trial) => {
        if (trial.state !== 'done') return trial;
        const { kernelMagnitudes, ...result } = trial.result;
        return { ...trial, result };
      }),
    };
    expect(meanOf(old, 'identity', 3)).toBeNull();
  });
});

describe('the share of a part', () => {
  it.each<[KernelPart, number]>([
    ['centre', 13],
    ['cross', (8 + 12 + 14 + 18) / 4],
    ['corner', (1 + 5 + 21 + 25) / 4],
    ['ring', (1 + 2 + 3 + 4 + 5 + 6 + 10 + 11 + 15 + 16 + 20 + 21 + 22 + 23 + 24 + 25) / 16],
  ])('%s is the mean of its taps', (part, expected) => {
    const matrix = Array.from({ length: 5 }, (_, r) => Array.from({ length: 5 }, (_, c) => 5 * r + c + 1));
    expect(shareOf(matrix, part)).toBe(expected);
  });
});
