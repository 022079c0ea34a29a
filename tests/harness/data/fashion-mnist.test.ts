import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, vi } from 'vitest';
import { type Dataset, SPLITS, type Split } from '../../../harness/data/dataset.js';
import {
  CLASSES,
  downloadFashionMnist,
  fashionMnist,
  fashionMnist10k,
} from '../../../harness/data/fashion-mnist.js';
import { loadDataset } from '../../../harness/data/registry.js';
import { packageRoot } from '../../../harness/package/package-root.js';
import { deadOrigin, serveFiles } from '../../support/file-server.js';
import { it } from '../../support/folder.js';
import { idxFile } from '../../support/idx.js';
import { imagesOf } from '../../support/images.js';
import { refusalOf } from '../../support/refusal.js';

const SHIPPED = join(packageRoot(), 'data', 'fashion-mnist');
const PIXELS = 28 * 28;
const DEBIAN = '/usr/share/datasets/fashion-mnist';
const FILES = [
  'train-images-idx3-ubyte.gz',
  'train-labels-idx1-ubyte.gz',
  't10k-images-idx3-ubyte.gz',
  't10k-labels-idx1-ubyte.gz',
] as const;

const countsOf = ({ labels }: Split): readonly number[] =>
  CLASSES.map((_, label) => labels.filter((one) => one === label).length);

const keysOf = async (splits: readonly Split[]): Promise<readonly string[]> =>
  (await Promise.all(splits.map(imagesOf))).flatMap((images) =>
    Array.from({ length: images.length / PIXELS }, (_, i) =>
      Buffer.from(images.subarray(i * PIXELS, (i + 1) * PIXELS)).toString('latin1'),
    ),
  );

const sameSplit = async (a: Split, b: Split): Promise<boolean> =>
  Buffer.compare(await imagesOf(a), await imagesOf(b)) === 0 && a.labels.join() === b.labels.join();

describe('the shipped Fashion-MNIST', () => {
  let dataset: Dataset;
  beforeAll(async () => {
    dataset = await loadDataset('fashion-mnist-10k');
  });

  it('has balanced splits of 9,000, 1,000 and 10,000 images', async () => {
    const { train, validation, test } = dataset.splits;
    expect(countsOf(train)).toEqual(CLASSES.map(() => 900));
    expect(countsOf(validation)).toEqual(CLASSES.map(() => 100));
    expect(countsOf(test)).toEqual(CLASSES.map(() => 1000));
    for (const split of SPLITS) {
      const { labels, count } = dataset.splits[split];
      const images = await imagesOf(dataset.splits[split]);
      expect([images.length, labels.length]).toEqual([count * PIXELS, count]);
    }
  });

  it('has disjoint splits', async () => {
    const all = await keysOf(SPLITS.map((split) => dataset.splits[split]));
    expect(new Set(all).size).toBe(20_000);
  });

  it('has the mean and deviation of its training images', async () => {
    const images = await imagesOf(dataset.splits.train);
    const mean = images.reduce((sum, byte) => sum + byte / 255, 0) / images.length;
    const variance = images.reduce((sum, byte) => sum + (byte / 255 - mean) ** 2, 0) / images.length;
    expect(dataset.mean).toEqual([expect.closeTo(mean, 10)]);
    expect(dataset.deviation).toEqual([expect.closeTo(Math.sqrt(variance), 10)]);
  });

  it('is equal whenever it is loaded', async () => {
    const again = await fashionMnist10k.load({});
    expect(again.contentHash).toBe(dataset.contentHash);
    for (const split of SPLITS) {
      expect(await sameSplit(again.splits[split], dataset.splits[split])).toBe(true);
    }
  });
});

/** The shipped files under the names of the full set: right in form, wrong in content. */
const copyShipped = (folder: string): void => {
  for (const name of FILES) {
    copyFileSync(join(SHIPPED, name.replace('train-', 'train-10k-')), join(folder, name));
  }
};

describe('the full Fashion-MNIST', () => {
  const installed = existsSync(join(DEBIAN, FILES[0]));
  const reason = installed ? '' : ' (needs the Debian package dataset-fashion-mnist)';
  const withDebian = it.skipIf(!installed);

  withDebian(`comes from a folder named, or Debian's, in balanced splits${reason}`, async ({ folder }) => {
    const nested = join(folder, 'fashion-mnist');
    mkdirSync(nested);
    for (const name of FILES) copyFileSync(join(DEBIAN, name), join(nested, name));
    vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
    expect(fashionMnist.location({})).toBe(DEBIAN);
    vi.stubEnv('LIGHTBENCH_DATA', folder);
    const dataset = await loadDataset('fashion-mnist');
    const { train, validation, test } = dataset.splits;
    expect(countsOf(train)).toEqual(CLASSES.map(() => 5500));
    expect(countsOf(validation)).toEqual(CLASSES.map(() => 500));
    expect(countsOf(test)).toEqual(CLASSES.map(() => 1000));

    const subset = await loadDataset('fashion-mnist-10k');
    const all = new Set(await keysOf([train, validation]));
    const few = await keysOf([subset.splits.train, subset.splits.validation]);
    expect(few.filter((image) => !all.has(image))).toEqual([]);
    expect(await sameSplit(test, subset.splits.test)).toBe(true);
    expect(dataset.contentHash).not.toBe(subset.contentHash);
  });

  it('is looked for in the folder named, the folder of its name therein, and the cache', ({ folder }) => {
    vi.stubEnv('XDG_CACHE_HOME', folder);
    const cache = join(folder, 'lightbench', 'fashion-mnist');
    const [named, inNamed] = [join(folder, 'data'), join(folder, 'data', 'fashion-mnist')];
    for (const place of [cache, inNamed, named]) {
      mkdirSync(place, { recursive: true });
      copyShipped(place);
      expect(fashionMnist.location({ dataFolder: named })).toBe(place);
    }
    expect(fashionMnist.location({})).toBe(cache);
  });

  it('is refused where the files hold other images', async ({ folder }) => {
    copyShipped(folder);
    expect(await refusalOf(() => fashionMnist.load({ dataFolder: folder }))).toMatch(
      /-images.* and .*-labels.* do not hold the images of Fashion-MNIST \(SHA-256 [0-9a-f]{12}, expected [0-9a-f]{12}\)\. Delete them/,
    );
  });

  withDebian(`is refused where one byte is another${reason}`, async ({ folder }) => {
    for (const name of FILES) copyFileSync(join(DEBIAN, name), join(folder, name));
    const damaged = gunzipSync(readFileSync(join(DEBIAN, FILES[2])));
    damaged[5_000_000] = (damaged[5_000_000] ?? 0) ^ 1;
    writeFileSync(join(folder, FILES[2]), gzipSync(damaged, { level: 1 }));
    expect(await refusalOf(() => fashionMnist.load({ dataFolder: folder }))).toMatch(
      /t10k-images.* and .*t10k-labels.* do not hold/,
    );
  });

  it('is refused where images and labels are not of one number', async ({ folder }) => {
    copyShipped(folder);
    writeFileSync(join(folder, FILES[1]), gzipSync(idxFile([9_999], new Uint8Array(9_999))));
    expect(await refusalOf(() => fashionMnist.load({ dataFolder: folder }))).toMatch(
      /holds 10000 images, but .*train-labels.* holds 9999 labels\. The two files do not belong together/,
    );
  });
});

describe('a download of Fashion-MNIST', () => {
  const remedies =
    /Put its four \.gz files into .*lightbench.fashion-mnist \(or into the folder that LIGHTBENCH_DATA names\), install Debian's package dataset-fashion-mnist, or use the data set fashion-mnist-10k/;

  it('that cannot be made is refused with the reason and what else can be done', async ({ folder }) => {
    vi.stubEnv('XDG_CACHE_HOME', folder);
    const unreachable = await refusalOf(async () => downloadFashionMnist({ origin: await deadOrigin() }));
    expect(unreachable).toMatch(/train-images-idx3-ubyte\.gz could not be downloaded: .*ECONNREFUSED/);
    expect(unreachable).toMatch(remedies);
    const { origin } = await serveFiles(() => null);
    expect(await refusalOf(() => downloadFashionMnist({ origin }))).toMatch(/the server answered 404/);
  });

  it('that cannot be written is refused with what else can be done', async ({ folder }) => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    vi.stubEnv('XDG_CACHE_HOME', file);
    const { origin } = await serveFiles(() => null);
    const refusal = await refusalOf(() => downloadFashionMnist({ origin }));
    expect(refusal).toMatch(/could not be downloaded: ENOTDIR/);
    expect(refusal).toMatch(remedies);
  });

  it('from a server with other files is refused', async ({ folder }) => {
    vi.stubEnv('XDG_CACHE_HOME', folder);
    const { origin, requests } = await serveFiles(() => ({ body: new Uint8Array(26_421_880) }));
    expect(await refusalOf(() => downloadFashionMnist({ origin }))).toMatch(/has the checksum/);
    expect(requests).toEqual([{ path: `/${FILES[0]}`, range: null }]);
  });
});
