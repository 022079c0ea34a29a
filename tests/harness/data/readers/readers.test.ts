/** Every format that is read: what was written is read, and nothing that is damaged or hostile is taken for data. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { evaluationBatches } from '../../../../harness/data/batches/batches.js';
import { type Dataset, SPLITS } from '../../../../harness/data/dataset.js';
import { flatValidationLayout } from '../../../../harness/data/layouts/flat-validation.js';
import { loadDataset } from '../../../../harness/data/registry.js';
import {
  formatsIn,
  IMAGENET_LISTS,
  imageNetWith,
  type WrittenFormat,
  writeFormat,
} from '../../../support/datasets.js';
import { asserted, edited, edits, refusal } from '../../../support/edits.js';

const scratch = mkdtempSync(join(tmpdir(), 'lightbench-readers-'));

beforeAll(() => mkdirSync(join(scratch, 'made')));

beforeEach(() => void vi.stubEnv('XDG_CACHE_HOME', join(scratch, 'cache')));

afterAll(() => rmSync(scratch, { recursive: true }));

const FORMATS = formatsIn(join(scratch, 'made'));

const labelsOf = (dataset: Dataset, split: (typeof SPLITS)[number]): number[] => [
  ...dataset.splits[split].labels,
];

/** What any data set must hold, whatever it was read from. */
const expectSound = async (dataset: Dataset): Promise<void> => {
  for (const split of SPLITS) {
    expect(labelsOf(dataset, split).every((label) => label < dataset.classes.length)).toBe(true);
  }
  for (const batch of evaluationBatches(dataset, 'test', { batch: 4, size: 32 })) {
    const { images } = await batch;
    expect(images.every(Number.isFinite)).toBe(true);
    break;
  }
};

describe.each(FORMATS)('$name', (format: WrittenFormat) => {
  const folder = join(scratch, format.name.replace(/\W+/g, '-'));
  const load = (): Promise<Dataset> =>
    loadDataset(format.id, { path: format.id === 'arrays' ? join(folder, 'my.npz') : folder });

  beforeAll(() => writeFormat(folder, format));

  it('is read as it was written, the same from run to run', async () => {
    const dataset = await load();
    const { channels, classes, test, training, validation } = format;
    expect([dataset.channels, dataset.classes.length]).toEqual([channels, classes]);
    expect(labelsOf(dataset, 'test').toSorted()).toEqual(test.toSorted());
    const { train, validation: held } = dataset.splits;
    if (validation === undefined) {
      expect(train.count + held.count).toBe(training);
      expect(held.count).toBeGreaterThan(0);
    } else expect([train.count, held.count]).toEqual([training, validation]);
    await expectSound(dataset);
    expect((await load()).contentHash).toBe(dataset.contentHash);
  });

  it('that is damaged is refused in a sentence, or holds whole images with labels', async () => {
    const file = join(folder, format.victim);
    const whole = readFileSync(file);
    const { contentHash } = await load();
    const { refused, same } = await asserted(edits, 500, async (all) => {
      const bytes = edited(whole, all);
      writeFileSync(file, bytes);
      try {
        const dataset = await load();
        await expectSound(dataset);
        if (bytes.equals(whole)) expect(dataset.contentHash).toBe(contentHash);
        return 'same';
      } catch (error) {
        return refusal(error);
      }
    });
    expect(refused + same).toBe(500);
    expect(refused).toBeGreaterThan(50);
    writeFileSync(file, whole);
  });
});

it('Parquet shards are read from their folder alone, whatever it is called', async () => {
  const format = FORMATS.find(({ id }) => id === 'parquet') as WrittenFormat;
  const names = ['a*', 'a?', 'a[b]', 'ab', 'it’s “odd” 😀'];
  for (const name of names) await writeFormat(join(scratch, 'named', name), format);
  for (const name of names) {
    const { splits } = await loadDataset('parquet', { path: join(scratch, 'named', name) });
    expect([splits.train.count, splits.validation.count, splits.test.count], name).toEqual([12, 3, 6]);
  }
});

describe('ImageNet’s validation images', () => {
  it.each(IMAGENET_LISTS)('have their classes from %s', async (name, list) => {
    const folder = join(scratch, name);
    const files = await imageNetWith(list);
    await writeFormat(folder, { ...(FORMATS[0] as WrittenFormat), files: async () => files });
    const dataset = await loadDataset('image-folder', { path: folder });
    expect(labelsOf(dataset, 'test')).toEqual([0, 1, 2, 0, 1, 2]);
  });

  it('are found in Kaggle’s list by one look at each, however many there are', async () => {
    const folder = join(scratch, 'many');
    const images = Array.from({ length: 300 }, (_, i) => `ILSVRC2012_val_${`${i}`.padStart(8, '0')}`);
    const names = ['train/n01/0.png', 'train/n02/0.png', ...images.map((name) => `val/${name}.JPEG`)];
    const list = images.map((name, i) => `${name},n0${(i % 2) + 1} 1 2 3 4\n`).join('');
    const files = { 'LOC_val_solution.csv': Buffer.from(`ImageId,PredictionString\n${list}`) };
    await writeFormat(folder, {
      ...(FORMATS[0] as WrittenFormat),
      files: async () => ({ ...files, ...Object.fromEntries(names.map((name) => [name, Buffer.of()])) }),
    });
    const looks = vi.spyOn(String.prototype, 'replace');
    const { test } = await flatValidationLayout.read(folder);
    expect(looks.mock.calls.length).toBeLessThan(10 * images.length);
    looks.mockRestore();
    expect([...test.labels]).toEqual(images.map((_, i) => i % 2));
  });
});
