import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, vi } from 'vitest';
import type { Batch } from '../../../../harness/data/batches/batch.js';
import { evaluationBatches, trainBatches } from '../../../../harness/data/batches/batches.js';
import { type CanvasPool, canvasPool } from '../../../../harness/data/batches/canvas-pool.js';
import { prefetched } from '../../../../harness/data/batches/prefetch.js';
import type { Dataset } from '../../../../harness/data/dataset.js';
import { loadImageFolder } from '../../../../harness/data/folder/image-folder.js';
import { it } from '../../../support/folder.js';
import { writeImageFolder } from '../../../support/image-folder.js';
import { augmentation, randomDataset } from '../../../support/marked-images.js';

/** Copies of an epoch's and a split's batches, as they were when their turn had come. */
const seen = async (dataset: Dataset, mixup: number, canvases?: CanvasPool): Promise<readonly Batch[]> => {
  const shared = canvases === undefined ? {} : { canvases };
  const batches: Batch[] = [];
  for (const source of [
    trainBatches(dataset, {
      ...{ seed: 3, epoch: 1, batch: 4, size: 12, ...shared },
      augmentation: augmentation({ flip: true, shift: 2, erase: 0.5, mixup }),
    }),
    evaluationBatches(dataset, 'test', { batch: 4, size: 12, ...shared }),
  ]) {
    for await (const batch of prefetched(source)) {
      batches.push({ ...batch, images: batch.images.slice(0, (batch.count * batch.images.length) / 4) });
      canvases?.give(batch.images);
    }
  }
  return batches;
};

describe('canvases that are painted again', () => {
  it.for([0, 1])('show the same as new ones, at a mixup of %d', async (mixup, { folder }) => {
    vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
    const data = join(folder, 'data');
    mkdirSync(data);
    await writeImageFolder(data, ['a', 'b'], { train: 12, val: 3 });
    for (const dataset of [randomDataset([3, 8, 6], 22, 9, 1), await loadImageFolder(data)]) {
      const canvases = canvasPool();
      for (let time = 0; time < 2; time += 1) {
        expect(await seen(dataset, mixup, canvases)).toEqual(await seen(dataset, mixup));
      }
    }
  });

  it('are handed out once until they are given back, and by their length', () => {
    const { take, give } = canvasPool();
    const [first, other] = [take(8), take(8)];
    expect(other).not.toBe(first);
    give(first);
    expect(take(4)).not.toBe(first);
    expect(take(8)).toBe(first);
    expect(take(8)).not.toBe(first);
  });
});
