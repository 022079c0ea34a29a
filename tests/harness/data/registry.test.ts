import { afterEach, describe, expect, it, vi } from 'vitest';
import { SPLITS } from '../../../harness/data/dataset.js';
import {
  DATASETS,
  findDataset,
  loadDataset,
  optionsFromEnvironment,
} from '../../../harness/data/registry.js';
import { elementCount } from '../../../harness/graph/shape.js';
import { refusalOf } from '../../support/refusal.js';

afterEach(() => vi.unstubAllEnvs());

describe('the data sets', () => {
  it('have ids of their own', () => {
    expect(new Set(DATASETS.map(({ id }) => id)).size).toBe(DATASETS.length);
  });

  it.each(DATASETS.filter(({ location }) => location({}) !== null))(
    '$id: what is loaded is what the entry says',
    async ({ id, shape, classes }) => {
      const dataset = await loadDataset(id);
      expect(dataset).toMatchObject({ id, shape });
      expect(new Set(dataset.classes).size).toBe(classes);
      for (const split of SPLITS) {
        const { images, labels, count } = dataset.splits[split];
        expect([images.length, labels.length]).toEqual([count * elementCount(shape), count]);
        expect(new Set(labels)).toEqual(new Set(dataset.classes.keys()));
      }
    },
  );

  it('are found by id, and an unknown one is refused with the known ones', async () => {
    expect(findDataset('synthetic').id).toBe('synthetic');
    expect(await refusalOf(() => loadDataset('cifar'))).toBe(
      `There is no data set "cifar". Known data sets: ${DATASETS.map(({ id }) => id).join(', ')}.`,
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
    const { splits, classes, shape } = await findDataset('synthetic').load({});
    const [, height, width] = shape;
    const { images, labels, count } = splits.train;
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
