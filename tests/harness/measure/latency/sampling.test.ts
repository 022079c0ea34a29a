import { describe, expect, it } from 'vitest';
import { agree, createSampler } from '../../../../harness/measure/latency/sampling.js';

describe('agree', () => {
  it.each([
    ['the same noise', [3, 1, 2, 5, 4], [4, 2, 3, 1, 5], true],
    ['times that still fall', [9, 8, 7, 6, 5], [4, 3, 2, 1, 1], false],
    ['times that rise', [1, 1, 1, 1, 1], [2, 2, 2, 2, 2], false],
    ['no noise', [1, 1, 1], [1, 1, 1], true],
    ['one disturbed run', [1, 2, 90, 2, 3], [2, 1, 3, 2, 1], true],
  ])('says of %s whether it has settled', (_what, former, recent, settled) => {
    expect(agree(former, recent)).toBe(settled);
  });
});

describe('createSampler', () => {
  it('times a run after one that is not timed, and counts those of the warm-up', async () => {
    let runs = 0;
    const sampler = createSampler(async () => {
      runs += 1;
      await new Promise((resolve) => setTimeout(resolve, runs === 1 ? 0 : 6));
    });
    expect(await sampler.sample()).toBeGreaterThan(5);
    expect(runs).toBe(2);
    expect(await sampler.warmUp()).toBe(runs - 2);
  });

  it('rejects with what the run rejects with', async () => {
    const sampler = createSampler(() => Promise.reject(new Error('no memory')));
    await expect(sampler.sample()).rejects.toThrow('no memory');
  });
});
