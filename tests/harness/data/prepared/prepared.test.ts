import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, vi } from 'vitest';
import { evaluationBatches, trainBatches } from '../../../../harness/data/batches/batches.js';
import { type Dataset, SPLITS } from '../../../../harness/data/dataset.js';
import { imageFolder, loadImageFolder } from '../../../../harness/data/folder/image-folder.js';
import { rowsOf } from '../../../../harness/data/images/decode.js';
import { filesIn } from '../../../../harness/data/images/image-files.js';
import { described, preparedSchema } from '../../../../harness/data/prepared/format.js';
import { writePrepared } from '../../../../harness/data/prepared/write.js';
import { randomStream } from '../../../../harness/random.js';
import { planRun } from '../../../../harness/run/run.js';
import { it as inFolder } from '../../../support/folder.js';
import { writeImages } from '../../../support/image-folder.js';
import { augmentation } from '../../../support/marked-images.js';
import { refusalOf } from '../../../support/refusal.js';

const CLASSES = ['ant', 'bee'];

/** A folder of noise in several sizes and formats, prepared at a shorter side of 24 or as it is, with a cache of its own. */
const it = inFolder.extend<{ source: string; prepared: string; full: string }>({
  source: async ({ folder }, use) => {
    vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
    const paths = ['train', 'val'].flatMap((part) =>
      CLASSES.flatMap((name) =>
        [0, 1, 2, 3].map((i) => `${part}/${name}/${i}.${i % 2 === 0 ? 'png' : 'jpg'}`),
      ),
    );
    const source = join(folder, 'photos');
    await writeImages(
      source,
      Object.fromEntries(
        paths.map((path, seed) => {
          const stream = randomStream(seed);
          const [width, height] = [stream.integer(20, 60), stream.integer(20, 60)];
          const bytes = Uint8Array.from({ length: 3 * width * height }, () => stream.integer(0, 255));
          return [path, sharp(bytes, { raw: { width, height, channels: 3 } })];
        }),
      ),
    );
    await use(source);
  },
  prepared: async ({ source }, use) => {
    await writePrepared(source, `${source}-24`, { shortSide: 24 });
    await use(`${source}-24`);
  },
  full: async ({ source }, use) => {
    await writePrepared(source, `${source}-full`, { shortSide: null });
    await use(`${source}-full`);
  },
});

const CROPPED = augmentation({ flip: true, shift: 0, crop: 'random-resized' });

const batchesOf = async (dataset: Dataset, size: number) => [
  await Promise.all(trainBatches(dataset, { seed: 1, epoch: 1, batch: 3, size, augmentation: CROPPED })),
  ...(await Promise.all(
    SPLITS.map((split) => Promise.all(evaluationBatches(dataset, split, { batch: 2, size }))),
  )),
];

describe('a prepared folder', () => {
  it('as images were, gives the pixels of the folder that it was made from', async ({ source, full }) => {
    const [before, after] = [await loadImageFolder(source), await loadImageFolder(full)];
    expect(after).toMatchObject({ id: before.id, classes: before.classes, mean: before.mean });
    expect(await batchesOf(after, 30)).toEqual(await batchesOf(before, 30));
  });

  it('says what it is: another content, another rule of decoding, and both are in the conditions of a plan', async ({
    source,
    prepared,
    full,
  }) => {
    const datasets = await Promise.all([source, prepared, full].map((folder) => loadImageFolder(folder)));
    expect(new Set(datasets.map(({ contentHash }) => contentHash)).size).toBe(3);
    expect(new Set(datasets.map(({ decoding }) => decoding)).size).toBe(2);
    const suite = join(source, '..', 'suite.mjs');
    writeFileSync(
      suite,
      `export default {
        id: 'photos', title: 'Photos', question: 'Does it work?',
        skeleton: { preset: 'small' }, data: { dataset: 'image-folder', size: 32 },
        recipe: { epochs: 1, batch: 2, learningRate: 0.1, warmupEpochs: 0, augmentation: { shift: 0, crop: 'random-resized' } },
        seeds: 1, candidates: [{ name: 'a', block: 'inverted-residual' }],
      };`,
    );
    for (const [index, folder] of [source, prepared].entries()) {
      vi.stubEnv('LIGHTBENCH_DATA', folder);
      const { contentHash, decoding } = datasets[index] ?? {};
      const plan = await planRun(suite, { engine: 'onnxruntime' });
      expect(plan.conditions.dataset).toMatchObject({ contentHash, decoding });
    }
  });

  it('can be read by its documentation: offset, height, width and label of 20 bytes, rows of red, green and blue', async ({
    source,
    prepared,
  }) => {
    const description = preparedSchema.parse(
      JSON.parse(readFileSync(join(prepared, 'dataset.json'), 'utf8')),
    );
    expect(description).toMatchObject({ shortSide: 24, classes: CLASSES });
    const index = readFileSync(join(prepared, 'test.index'));
    const pixels = readFileSync(join(prepared, 'test.rgb'));
    const files = CLASSES.flatMap((name) =>
      [0, 1, 2, 3].map((i) => `val/${name}/${i}.${i % 2 === 0 ? 'png' : 'jpg'}`),
    );
    expect(index.length).toBe(20 * files.length);
    for (const [place, file] of files.entries()) {
      const at = 20 * place;
      const [height, width] = [index.readUInt32LE(at + 8), index.readUInt32LE(at + 12)];
      expect(Math.min(height, width)).toBeLessThanOrEqual(24);
      expect(CLASSES[index.readUInt32LE(at + 16)]).toBe(file.split('/')[1]);
      const offset = Number(index.readBigUInt64LE(at));
      const { bytes } = await rowsOf(filesIn(source), file, 24);
      expect(Buffer.compare(pixels.subarray(offset, offset + 3 * height * width), bytes)).toBe(0);
    }
  });

  it('is found where a folder of images is, and made twice is made alike', async ({ source, prepared }) => {
    expect(imageFolder.location({ dataFolder: prepared })).toBe(prepared);
    await writePrepared(source, `${source}-again`, { shortSide: 24 });
    for (const file of ['dataset.json', 'train.rgb', 'validation.index']) {
      expect(readFileSync(join(`${source}-again`, file))).toEqual(readFileSync(join(prepared, file)));
    }
  });

  const flip = (file: string): void => {
    const bytes = readFileSync(file);
    bytes[10] = (bytes[10] ?? 0) ^ 1;
    writeFileSync(file, bytes);
  };

  const damages: readonly [string, string, (file: string) => void, RegExp][] = [
    ['a pixel is another', 'train.rgb', flip, /train\.rgb is damaged: its checksum/],
    [
      'pixels are missing',
      'test.rgb',
      (file) => truncateSync(file, 30),
      /test\.rgb is damaged: it has 30 bytes/,
    ],
    [
      'a file is gone',
      'validation.rgb',
      (file) => rmSync(file),
      /validation\.rgb cannot be read: no such file/,
    ],
    ['an index is another', 'train.index', flip, /train\.index is damaged: its checksum/],
    [
      'the description is cut off',
      'dataset.json',
      (file) => truncateSync(file, 50),
      /dataset\.json is damaged/,
    ],
    [
      'the description says something else',
      'dataset.json',
      (file) => writeFileSync(file, readFileSync(file, 'utf8').replace('"ant"', '"cat"')),
      /dataset\.json is damaged: its content hash/,
    ],
  ];

  it.for(damages)(
    'is refused, by the name of the file, where %s',
    async ([, name, damage, words], { prepared }) => {
      await loadImageFolder(prepared);
      damage(join(prepared, name));
      const refusal = await refusalOf(() => loadImageFolder(prepared, { thorough: true }));
      expect(refusal).toMatch(words);
      expect(refusal).toMatch(/Make the folder anew with lightbench data prepare\.$/);
    },
  );

  const misfits: readonly [string, (index: Buffer) => unknown][] = [
    ['an image lies far behind the file', (index) => index.writeBigUInt64LE(2n ** 50n, 20)],
    ['an image lies on another', (index) => index.writeBigUInt64LE(0n, 20)],
    ['an image has more rows than are there', (index) => index.writeUInt32LE(2 ** 32 - 1, 8)],
    ['a label is that of a class but for its upper bits', (index) => index.writeUInt32LE(2 ** 16, 16)],
  ];

  it.for(misfits)('is refused where its checksums are right, but %s', async ([, change], { prepared }) => {
    const file = join(prepared, 'train.index');
    const index = readFileSync(file);
    change(index);
    writeFileSync(file, index);
    const description = join(prepared, 'dataset.json');
    const facts = preparedSchema.parse(JSON.parse(readFileSync(description, 'utf8')));
    const indexSha256 = createHash('sha256').update(index).digest('hex');
    const train = { ...facts.splits.train, indexSha256 };
    writeFileSync(description, JSON.stringify(described({ ...facts, splits: { ...facts.splits, train } })));
    expect(await refusalOf(() => loadImageFolder(prepared))).toContain(
      'train.index is damaged: it does not fit dataset.json.',
    );
  });

  it('is not made where an image is damaged, and nothing is left behind', async ({ source }) => {
    writeFileSync(join(source, 'train/ant/9.jpg'), 'no picture');
    const target = `${source}-24`;
    expect(await refusalOf(() => writePrepared(source, target, { shortSide: 24 }))).toMatch(
      /9\.jpg cannot be read as an image/,
    );
    expect(existsSync(target) || existsSync(`${target}.partial`)).toBe(false);
  });

  it('is not made over another folder', async ({ source, folder }) => {
    const target = join(folder, 'used');
    mkdirSync(target);
    writeFileSync(join(target, 'mine.txt'), 'keep');
    expect(await refusalOf(() => writePrepared(source, target, { shortSide: 24 }))).toMatch(
      /used is not empty\. Choose a new or an empty folder/,
    );
  });
});
