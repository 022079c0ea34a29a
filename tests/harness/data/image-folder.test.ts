import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import sharp from 'sharp';
import { afterEach, describe, expect, vi } from 'vitest';
import { buildNetwork } from '../../../blocks/build.js';
import { evaluationBatches, type TrainBatchOptions, trainBatches } from '../../../harness/data/batches.js';
import { type Batch, type Dataset, SPLITS } from '../../../harness/data/dataset.js';
import { imageFolder } from '../../../harness/data/image-folder.js';
import { loadDataset } from '../../../harness/data/registry.js';
import { onnxruntime } from '../../../harness/engines/onnx/engine.js';
import { randomStream } from '../../../harness/random.js';
import { planRun } from '../../../harness/run/run.js';
import { initialWeights } from '../../../harness/train/initialise.js';
import { trainNetwork } from '../../../harness/train/loop.js';
import { recipeSchema } from '../../../harness/train/recipe.js';
import { it as inFolder } from '../../support/folder.js';
import { plain, writeImageFolder, writeImages } from '../../support/image-folder.js';
import { augmentation } from '../../support/marked-images.js';
import { refusalOf } from '../../support/refusal.js';

/** Tests with a folder for images, and a cache of their own beside it. */
const it = inFolder.extend<{ data: string }>({
  data: async ({ folder }, use) => {
    vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
    const data = join(folder, 'data');
    mkdirSync(data);
    await use(data);
  },
});

afterEach(() => vi.unstubAllEnvs());

const CLASSES = ['ant', 'bee', 'Cat'];

const load = (dataFolder: string): Promise<Dataset> => imageFolder.load({ dataFolder });

/** The colour by which writeImageFolder marks a file, as a number. */
const marksOf = ({ images, count }: Batch, { mean, deviation }: Dataset, size: number): readonly number[] =>
  Array.from({ length: count }, (_, place) => {
    const byte = (channel: number): number => {
      const value = images[(3 * place + channel) * size ** 2] ?? Number.NaN;
      return Math.round(255 * (value * (deviation[channel] ?? 0) + (mean[channel] ?? 0)));
    };
    return byte(0) + 256 * byte(1);
  });

const SIZE = 4;

const CROPPED = augmentation({ shift: 0, crop: 'random-resized' });

const epochOf = (dataset: Dataset, changes: Partial<TrainBatchOptions> = {}) =>
  Promise.all(
    trainBatches(dataset, {
      seed: 1,
      epoch: 1,
      batch: 5,
      size: SIZE,
      augmentation: CROPPED,
      ...changes,
    }),
  );

/** The images of an epoch, one text each. */
const imagesOf = async (...given: Parameters<typeof epochOf>): Promise<readonly string[]> =>
  (await epochOf(...given)).flatMap((batch) => canvasesOf(batch).map((canvas) => canvas.join()));

const canvasesOf = ({ images, count }: Batch): readonly Float32Array[] =>
  Array.from({ length: count }, (_, i) => images.subarray(3 * SIZE ** 2 * i, 3 * SIZE ** 2 * (i + 1)));

/** Writes a folder of noise, four images of each class to train. */
const writeNoise = async (data: string): Promise<void> => {
  const noise = (seed: number) => {
    const stream = randomStream(seed);
    const bytes = Uint8Array.from({ length: 3 * 20 * 16 }, () => stream.integer(0, 255));
    return sharp(bytes, { raw: { width: 20, height: 16, channels: 3 } });
  };
  const paths = ['train', 'val'].flatMap((part) =>
    CLASSES.flatMap((name) => [0, 1, 2, 3, 4].map((i) => `${part}/${name}/${i}.png`)),
  );
  await writeImages(data, Object.fromEntries(paths.map((path, index) => [path, noise(index)])));
};

describe('a folder of images', () => {
  it('has classes by name, a twentieth of each held out, and every image once under its class', async ({
    data,
  }) => {
    await writeImageFolder(data, CLASSES, { train: 40, val: 3 });
    const dataset = await load(data);
    expect(dataset).toMatchObject({
      id: 'image-folder',
      classes: ['Cat', 'ant', 'bee'],
      channels: 3,
      imageSize: null,
    });
    expect(SPLITS.map((split) => dataset.splits[split].count)).toEqual([3 * 38, 3 * 2, 3 * 3]);
    const seen = new Map<number, number | undefined>();
    for (const split of SPLITS) {
      const { labels } = dataset.splits[split];
      for (const label of [0, 1, 2]) {
        expect(labels.filter((one) => one === label)).toHaveLength(labels.length / 3);
      }
      for await (const batch of evaluationBatches(dataset, split, { batch: 7, size: SIZE })) {
        marksOf(batch, dataset, SIZE).forEach((mark, i) => {
          seen.set(mark, batch.labels[i]);
        });
      }
    }
    const expected = ['train', 'val'].flatMap((part) =>
      CLASSES.flatMap((name) => Array.from({ length: part === 'train' ? 40 : 3 }, () => name)),
    );
    expect(seen.size).toBe(expected.length);
    for (const [mark, label] of seen) expect(dataset.classes[label ?? -1]).toBe(expected[mark]);
  });

  it('is found in the folder named or its image-folder, and is tested on test before val', async ({
    data,
  }) => {
    expect(imageFolder.location({ dataFolder: data })).toBeNull();
    const nested = join(data, 'image-folder');
    await writeImageFolder(nested, CLASSES, { train: 2, val: 3, test: 1 });
    expect(imageFolder.location({ dataFolder: data })).toBe(nested);
    vi.stubEnv('LIGHTBENCH_DATA', data);
    const { splits } = await loadDataset('image-folder');
    expect(SPLITS.map((split) => splits[split].count)).toEqual([3, 3, 3]);
    for (const name of CLASSES) rmSync(join(nested, 'test', name), { recursive: true });
    writeFileSync(join(nested, 'test', 'unlabelled.jpg'), '');
    expect((await load(data)).splits.test.count).toBe(9);
  });

  it('gives training images by seed, epoch and image alone', async ({ data }) => {
    await writeNoise(data);
    const dataset = await load(data);
    const first = await imagesOf(dataset, { batch: 3 });
    expect(new Set(first).size).toBe(12);
    expect(await imagesOf(await load(data), { batch: 3 })).toEqual(first);
    expect(await imagesOf(dataset, { batch: 4 })).toEqual(first);
    for (const changes of [{ epoch: 2 }, { seed: 2 }]) {
      const other = await imagesOf(dataset, { batch: 3, ...changes });
      expect(other.filter((image) => first.includes(image))).toEqual([]);
    }
  });

  it('has its cropped images erased and mixed, as they are without', async ({ data }) => {
    await writeNoise(data);
    const dataset = await load(data);
    const [plain] = await epochOf(dataset, { batch: 12 });
    const canvases = plain ? canvasesOf(plain) : [];
    const [erased] = await epochOf(dataset, { batch: 12, augmentation: { ...CROPPED, erase: 1 } });
    const holes = (erased ? canvasesOf(erased) : []).map((canvas, place) => {
      const changed = [...canvas.keys()].filter((i) => canvas[i] !== canvases[place]?.[i]);
      expect(changed.filter((i) => canvas[i] !== 0)).toEqual([]);
      return changed.length;
    });
    expect(holes.filter((size) => size > 0 && size < 3 * SIZE ** 2).length).toBeGreaterThan(6);
    for (const batch of [12, 4]) {
      const mixed = await epochOf(dataset, { batch, augmentation: { ...CROPPED, mixup: 1 } });
      const partners = mixed.flatMap((one, b) =>
        canvasesOf(one).map((canvas, i) => {
          const share = one.mixed?.shares[i] ?? Number.NaN;
          const own = canvases[b * batch + i];
          const fitting = canvases.findIndex((other) =>
            canvas.every(
              (value, at) =>
                Math.abs(
                  value - share * (own?.[at] ?? Number.NaN) - (1 - share) * (other[at] ?? Number.NaN),
                ) < 1e-5,
            ),
          );
          expect(one.mixed?.labels[i]).toBe(plain?.labels[fitting]);
          return fitting;
        }),
      );
      expect(partners.toSorted((a, b) => a - b)).toEqual([...canvases.keys()]);
    }
  });

  it('is learnt by a small network', async ({ data }) => {
    const stream = randomStream(4);
    const squares = CLASSES.flatMap((name, label) =>
      ['train', 'val'].flatMap((part) =>
        Array.from({ length: part === 'train' ? 44 : 1 }, (_, i) => {
          const input = plain(
            16,
            16,
            [0, 1, 2].map((channel) => (channel === label ? 230 : 60)),
          );
          const [left, top] = [stream.integer(0, 12), stream.integer(0, 8)];
          return { path: `${part}/${name}/${i}.jpg`, input, left, top };
        }),
      ),
    );
    for (const { path, input, left, top } of squares) {
      const square = await input.png().toBuffer();
      const picture = plain(28, 24, [90, 90, 90]).composite([{ input: square, left, top }]);
      await writeImages(data, { [path]: picture });
    }
    const dataset = await load(data);
    const scale = { stemWidth: 4, stemStrides: [1, 2], widths: [8, 16], depths: [1, 1], headWidth: 16 };
    const graph = buildNetwork({ id: 'lightnet', set: scale }, { input: [3, 12, 12], classes: 3 });
    const { epochs } = await trainNetwork({
      engine: onnxruntime,
      graph,
      weights: initialWeights(graph, 0),
      dataset,
      size: 12,
      recipe: recipeSchema.parse({
        epochs: 5,
        batch: 14,
        learningRate: 0.05,
        augmentation: { shift: 0, crop: 'random-resized' },
      }),
      seed: 0,
      threads: 1,
    });
    expect(epochs.at(-1)?.trainLoss).toBeLessThan(0.5 * (epochs[0]?.trainLoss ?? 0));
    expect(epochs.at(-1)?.validationTop1).toBe(1);
  });

  it('makes a plan of a suite at the scale of ImageNet', async ({ data }) => {
    await writeImageFolder(data, CLASSES, { train: 2, val: 1 });
    vi.stubEnv('LIGHTBENCH_DATA', data);
    const plan = await planRun('paper/channel@imagenet', { only: 'dense', seeds: 1, engine: 'onnxruntime' });
    expect(plan.conditions).toMatchObject({
      dataset: { id: 'image-folder', trainImages: 3, validationImages: 3, testImages: 3, classes: 3 },
      input: [3, 224, 224],
      recipe: { augmentation: { crop: 'random-resized' } },
    });
  });
});

/** File systems tell times of change no finer than this. */
const CLOCK_MS = 20;

describe('the content hash of a folder', () => {
  it('is equal for equal content, wherever it lies and whenever it was written', async ({ folder, data }) => {
    await writeImageFolder(data, CLASSES, { train: 3, val: 1 });
    const { contentHash } = await load(data);
    expect(contentHash).toMatch(/^[0-9a-f]{16}$/);
    cpSync(data, join(folder, 'copy'), { recursive: true });
    utimesSync(join(data, 'train', 'ant', '0.png'), 1, 1);
    writeFileSync(join(data, 'train', 'ant', '.DS_Store'), 'passed over');
    for (const place of [data, join(folder, 'copy')])
      expect((await load(place)).contentHash).toBe(contentHash);
  });

  const changes: Readonly<Record<string, (data: string) => void>> = {
    'one byte of a file is another, its size and time the same': (data) => {
      const file = join(data, 'val', 'bee', '0.png');
      const bytes = readFileSync(file);
      bytes[bytes.length - 20] = (bytes[bytes.length - 20] ?? 0) ^ 1;
      writeFileSync(file, bytes);
      utimesSync(file, 5, 5);
    },
    'a file is gone': (data) => rmSync(join(data, 'train', 'bee', '1.png')),
    'a file has another name': (data) =>
      renameSync(join(data, 'train', 'bee', '1.png'), join(data, 'train', 'bee', 'x.png')),
    'two files have changed places': (data) => {
      const [spare, a, b] = ['spare', 'train/ant/0.png', 'train/bee/0.png'].map((path) => join(data, path));
      renameSync(`${a}`, `${spare}`);
      renameSync(`${b}`, `${a}`);
      renameSync(`${spare}`, `${b}`);
    },
    'a class has another name': (data) => {
      for (const part of ['train', 'val']) renameSync(join(data, part, 'bee'), join(data, part, 'fly'));
    },
  };

  it.for(Object.entries(changes))('is another where %s', async ([, change], { data }) => {
    await writeImageFolder(data, CLASSES, { train: 3, val: 1 });
    utimesSync(join(data, 'val', 'bee', '0.png'), 5, 5);
    const { contentHash } = await load(data);
    await setTimeout(CLOCK_MS);
    change(data);
    expect((await load(data)).contentHash).not.toBe(contentHash);
  });

  it('is kept, and worked out again where what is kept is damaged', async ({ folder, data }) => {
    await writeImageFolder(data, CLASSES, { train: 2, val: 1 });
    const { contentHash } = await load(data);
    const cache = join(folder, 'cache', 'lightbench', 'image-folder');
    const [kept = ''] = readdirSync(cache);
    writeFileSync(join(cache, kept), '0123456789abcdef');
    expect((await load(data)).contentHash).toBe('0123456789abcdef');
    writeFileSync(join(cache, kept), '');
    expect((await load(data)).contentHash).toBe(contentHash);
    expect(readFileSync(join(cache, kept), 'utf8')).toBe(contentHash);
  });
});

describe('a folder of images is refused', () => {
  const LAYOUT =
    'A folder of images has train/<class>/ and val/<class>/ or test/<class>/, with jpg, png or webp files.';

  it('where none is named, or what is named is none', async ({ data }) => {
    expect(await refusalOf(() => imageFolder.load({}))).toBe(
      `The data set image-folder needs a folder, and none is named. Name it by LIGHTBENCH_DATA. ${LAYOUT}`,
    );
    expect(await refusalOf(() => load(data))).toBe(
      `${data} is no folder of images: it has no train. Name it by LIGHTBENCH_DATA. ${LAYOUT}`,
    );
    mkdirSync(join(data, 'train'));
    expect(await refusalOf(() => load(data))).toBe(
      `${join(data, 'train')} holds no folders of classes. ${LAYOUT}`,
    );
    await writeImageFolder(data, CLASSES, { train: 2 });
    expect(await refusalOf(() => load(data))).toBe(
      `${join(data, 'val')} holds no folders of classes. ${LAYOUT}`,
    );
  });

  const faults: Readonly<Record<string, readonly [fault: (data: string) => void, message: RegExp]>> = {
    'a class is missing where it is tested': [
      (data) => rmSync(join(data, 'val', 'ant'), { recursive: true }),
      /val lacks classes that .*train has: ant\./,
    ],
    'a class is missing where it is trained': [
      (data) => rmSync(join(data, 'train', 'ant'), { recursive: true }),
      /train lacks classes that .*val has: ant\./,
    ],
    'a class has too few images to train and validate': [
      (data) => rmSync(join(data, 'train', 'bee', '0.png')),
      /^The class bee has 1 images in .*train\. It needs at least 2, one to train and one to validate/,
    ],
    'a class has nothing to test': [
      (data) => rmSync(join(data, 'val', 'bee', '0.png')),
      /^The class bee has 0 images in .*val\. It needs at least 1, to test/,
    ],
    'a file is no image by its name': [
      (data) => writeFileSync(join(data, 'train', 'bee', 'notes.txt'), ''),
      /train.bee.notes\.txt is no image by its name\. Move it away/,
    ],
    'a file is no image by its content': [
      (data) => writeFileSync(join(data, 'train', 'bee', '7.JPEG'), 'no picture'),
      /train.bee.7\.JPEG cannot be read as an image: .* Replace the file/,
    ],
  };

  it.for(Object.entries(faults))('where %s', async ([, [fault, message]], { data }) => {
    await writeImageFolder(data, CLASSES, { train: 2, val: 1 });
    fault(data);
    expect(await refusalOf(() => load(data))).toMatch(message);
  });

  it('in training, naming the file, where an image has been damaged since', async ({ data }) => {
    await writeImageFolder(data, CLASSES, { train: 2, val: 1 });
    const dataset = await load(data);
    for (const name of CLASSES) {
      for (const i of [0, 1]) writeFileSync(join(data, 'train', name, `${i}.png`), 'no picture');
    }
    expect(await refusalOf(() => epochOf(dataset, { batch: 1 }))).toMatch(
      /train.(ant|bee|Cat).[01]\.png cannot be read as an image/,
    );
  });
});
