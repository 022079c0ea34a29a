import { readdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, vi } from 'vitest';
import { plannedDataset, shareDataset } from '../../../../harness/run/plan/planned.js';
import { planRun } from '../../../../harness/run/run.js';
import { it } from '../../../support/folder.js';
import { imagesOf } from '../../../support/images.js';

describe('the data set of a plan', () => {
  it('is the same from its source and as all trials share it, and a damaged file is named and replaced', async ({
    folder,
  }) => {
    vi.stubEnv('XDG_CACHE_HOME', folder);
    const plan = await planRun('quick', { only: '^fasternet$', seeds: 1, engine: 'onnxruntime' });
    const fromSource = await plannedDataset(plan);
    expect(await shareDataset(plan)).toBeNull();
    const cache = join(folder, 'lightbench', 'decoded');
    const [name = ''] = readdirSync(cache);
    const same = async (): Promise<void> => {
      const dataset = await plannedDataset(plan);
      expect(dataset.contentHash).toBe(plan.conditions.dataset.contentHash);
      for (const split of ['train', 'validation', 'test'] as const) {
        const [before, after] = [fromSource.splits[split], dataset.splits[split]];
        expect([...after.labels]).toEqual([...before.labels]);
        expect(Buffer.compare(await imagesOf(after), await imagesOf(before))).toBe(0);
      }
    };
    await same();
    expect(await shareDataset(plan)).toBeNull();
    truncateSync(join(cache, name), 1000);
    await same();
    expect(await shareDataset(plan)).toBe(join(cache, name));
    await same();
    expect(readdirSync(cache)).toEqual([name]);
  });
});
