import { describe, expect, it, vi } from 'vitest';
import { SPLITS } from '../../../harness/data/dataset.js';
import {
  DATASETS,
  findDataset,
  loadDataset,
  optionsFromEnvironment,
} from '../../../harness/data/registry.js';
import { elementCount } from '../../../harness/graph/shape.js';
import { imagesOf } from '../../support/images.js';
import { refusalOf } from '../../support/refusal.js';

describe('the data sets', () => {
  it('have ids of their own', () => {
    expect(new Set(DATASETS.map(({ id }) => id)).size).toBe(DATASETS.length);
  });

  it.each(DATASETS.filter(({ location }) => location({}) !== null))(
    '$id: has every class in every split, and all images in the size it says',
    async ({ id }) => {
      const dataset = await loadDataset(id);
      expect(dataset.id).toBe(id);
      expect(new Set(dataset.classes).size).toBe(dataset.classes.length);
      expect([dataset.mean.length, dataset.deviation.length]).toEqual([dataset.channels, dataset.channels]);
      for (const split of SPLITS) {
        const { labels, count } = dataset.splits[split];
        expect(labels).toHaveLength(count);
        expect(new Set(labels)).toEqual(new Set(dataset.classes.keys()));
        const pixels = elementCount(dataset.imageSize ?? []);
        expect(await imagesOf(dataset.splits[split])).toHaveLength(count * dataset.channels * pixels);
      }
    },
  );

  it.each(DATASETS)('$id: is on this machine, or says how it gets here', ({ location, remedy }) => {
    expect(location({}) ?? remedy).toMatch(/./);
  });

  it('are found by id, and an unknown one is refused with the known ones', async () => {
    expect(findDataset('synthetic').id).toBe('synthetic');
    expect(await refusalOf(() => loadDataset('letters'))).toBe(
      `Unknown data set "letters". Known data sets: ${DATASETS.map(({ id }) => id).join(', ')}.`,
    );
  });

  it('are looked for in the folder that LIGHTBENCH_DATA names, where it names one', () => {
    vi.stubEnv('LIGHTBENCH_DATA', '/my/data');
    expect(optionsFromEnvironment()).toEqual({ dataFolder: '/my/data' });
    vi.stubEnv('LIGHTBENCH_DATA', '');
    expect(optionsFromEnvironment()).toEqual({});
  });
});

describe('the synthetic data set', () => {
  it('has its square in the quarter of the image that the class names', async () => {
    const { splits, classes, imageSize } = await findDataset('synthetic').load({});
    const [height, width] = imageSize ?? [0, 0];
    const { labels, count } = splits.train;
    const images = await imagesOf(splits.train);
    const brightness = classes.map(() => [0, 0, 0, 0]);
    for (let i = 0; i < count; i += 1) {
      const sums = brightness[labels[i] ?? 0] ?? [];
      for (let pixel = 0; pixel < height * width; pixel += 1) {
        const [row, column] = [Math.floor(pixel / width), pixel % width];
        const quarter = 2 * Number(row >= height / 2) + Number(column >= width / 2);
        sums[quarter] = (sums[quarter] ?? 0) + (images[i * height * width + pixel] ?? 0);
      }
    }
    brightness.forEach((sums, label) => {
      expect(sums.indexOf(Math.max(...sums))).toBe(label);
    });
  });
});
