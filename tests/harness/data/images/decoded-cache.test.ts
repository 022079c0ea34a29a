import { readdirSync, readFileSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, vi } from 'vitest';
import { evaluationBatches, trainBatches } from '../../../../harness/data/batches/batches.js';
import { type Dataset, SPLITS } from '../../../../harness/data/dataset.js';
import { keepDecoded, readDecoded, touchDecoded } from '../../../../harness/data/images/decoded-cache.js';
import { datasetFrom } from '../../../../harness/data/labelled-images.js';
import { loadDataset } from '../../../../harness/data/registry.js';
import { it as inFolder } from '../../../support/folder.js';
import { augmentation } from '../../../support/marked-images.js';

/** Tests with a cache of their own. */
const it = inFolder.extend<{ cache: string }>({
  cache: async ({ folder }, use) => {
    vi.stubEnv('XDG_CACHE_HOME', folder);
    await use(join(folder, 'lightbench', 'decoded'));
  },
});

/** Three channels, 5x3, an odd number of images in every split. */
const odd = (mark: number): Dataset =>
  datasetFrom({
    id: 'odd',
    classes: ['a', 'b', 'c'],
    shape: [3, 5, 3],
    training: {
      images: Uint8Array.from({ length: 45 * 10 }, (_, i) => (i * 7 + mark) % 256),
      labels: Uint8Array.from({ length: 10 }, (_, i) => i % 3),
    },
    test: { images: new Uint8Array(45).fill(mark), labels: Uint8Array.of(2) },
    validationImages: 3,
  });

const batchesOf = async (dataset: Dataset) => [
  await Promise.all(
    trainBatches(dataset, { seed: 1, epoch: 2, batch: 3, size: 8, augmentation: augmentation({ shift: 2 }) }),
  ),
  ...(await Promise.all(
    SPLITS.map((split) => Promise.all(evaluationBatches(dataset, split, { batch: 4, size: 8 }))),
  )),
];

const keptOf = async ({ contentHash }: Dataset): Promise<Dataset> => {
  const kept = await readDecoded(contentHash);
  if (kept.state !== 'whole') throw new Error(`It is ${kept.state}.`);
  return kept.dataset;
};

describe('decoded images in the cache', () => {
  it('are the data set that was kept, batch for batch', async ({ cache }) => {
    for (const dataset of [odd(3), await loadDataset('synthetic')]) {
      expect(await readDecoded(dataset.contentHash)).toEqual({ state: 'missing' });
      await keepDecoded(dataset);
      const kept = await keptOf(dataset);
      const facts = ({ splits: _, ...others }: Dataset) => others;
      expect(facts(kept)).toEqual(facts(dataset));
      expect(await batchesOf(kept)).toEqual(await batchesOf(dataset));
    }
    expect(readdirSync(cache)).toHaveLength(2);
  });

  it.skipIf(process.platform === 'win32')('are for this user alone', async ({ cache }) => {
    await keepDecoded(odd(3));
    const [file = ''] = readdirSync(cache);
    expect(statSync(cache).mode & 0o777).toBe(0o700);
    expect(statSync(join(cache, file)).mode & 0o777).toBe(0o600);
  });

  const damages: Readonly<Record<string, (file: string) => void>> = {
    'a byte of it is another': (file) => {
      const bytes = readFileSync(file);
      const place = bytes.length - 40;
      bytes[place] = (bytes[place] ?? 0) ^ 1;
      writeFileSync(file, bytes);
    },
    'its end is missing': (file) => truncateSync(file, statSync(file).size - 1),
    'it is empty': (file) => truncateSync(file, 0),
    'it is of another data set': (file) => {
      const other = readdirSync(join(file, '..')).find((name) => !file.endsWith(name)) ?? '';
      writeFileSync(file, readFileSync(join(file, '..', other)));
    },
  };

  it.for(Object.entries(damages))('are named and replaced where %s', async ([, damage], { cache }) => {
    await keepDecoded(odd(9));
    const dataset = odd(3);
    await keepDecoded(dataset);
    const file = join(cache, `${dataset.contentHash}.images`);
    damage(file);
    expect(await readDecoded(dataset.contentHash)).toEqual({ state: 'damaged', file });
    await keepDecoded(dataset);
    expect(await batchesOf(await keptOf(dataset))).toEqual(await batchesOf(dataset));
  });

  it('make room for new ones, the least recently used first', async ({ cache }) => {
    const [first, second, third] = [odd(1), odd(2), odd(3)];
    for (const dataset of [first, second]) {
      await keepDecoded(dataset);
      const file = join(cache, `${dataset.contentHash}.images`);
      // Together they are all that is kept; a file with a hole takes no room on the disk.
      truncateSync(file, 2 ** 30);
      utimesSync(file, 1000, 1000);
    }
    await touchDecoded(first.contentHash);
    await keepDecoded(third);
    expect(readdirSync(cache).toSorted()).toEqual(
      [first, third].map(({ contentHash }) => `${contentHash}.images`).toSorted(),
    );
  });
});
