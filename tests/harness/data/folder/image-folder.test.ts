import {
  appendFileSync,
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import sharp from 'sharp';
import { describe, expect, onTestFinished, vi } from 'vitest';
import { buildNetwork } from '../../../../blocks/build.js';
import type { Batch } from '../../../../harness/data/batches/batch.js';
import {
  evaluationBatches,
  type TrainBatchOptions,
  trainBatches,
} from '../../../../harness/data/batches/batches.js';
import { type Dataset, SPLITS } from '../../../../harness/data/dataset.js';
import type { DataProgress } from '../../../../harness/data/dataset-entry.js';
import { imageFolder } from '../../../../harness/data/folder/image-folder.js';
import { loadDataset } from '../../../../harness/data/registry.js';
import { onnxruntime } from '../../../../harness/engines/onnx/engine.js';
import { randomStream } from '../../../../harness/random.js';
import { recipeSchema } from '../../../../harness/recipe/recipe.js';
import { planRun } from '../../../../harness/run/run.js';
import { initialWeights } from '../../../../harness/train/initialise.js';
import { trainNetwork } from '../../../../harness/train/train-network.js';
import { bmpOf, type Colour } from '../../../support/bmp.js';
import { it as inFolder } from '../../../support/folder.js';
import { gradient, plain, writeImageFolder, writeImages } from '../../../support/image-folder.js';
import { augmentation } from '../../../support/marked-images.js';
import { makeNamedPipe } from '../../../support/named-pipe.js';
import { refusalOf } from '../../../support/refusal.js';

/** Tests with a folder for images, and a cache of their own beside it. */
const it = inFolder.extend<{ data: string }>({
  data: async ({ folder }, use) => {
    vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
    const data = join(folder, 'data');
    mkdirSync(data);
    await use(data);
  },
});

/** The user that owns nothing, on Linux and macOS alike. */
const NOBODY = 65_534;

/** Root may read everything: the action is taken as another user meanwhile. */
const withoutRoot = async <T>(action: () => Promise<T>): Promise<T> => {
  const isRoot = process.getuid?.() === 0;
  if (isRoot) process.seteuid?.(NOBODY);
  try {
    return await action();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
};

/** Makes a socket at the path; it stays there when nobody listens any more. */
const listenAt = async (path: string): Promise<void> => {
  const listener = createServer();
  await new Promise<void>((listening) => listener.listen(path, listening));
  onTestFinished(async () => {
    await new Promise((closed) => listener.close(closed));
  });
};

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

  it('is found in the folder named or its image-folder; test tests and val validates, or val tests', async ({
    data,
  }) => {
    expect(imageFolder.location({ dataFolder: data })).toBeNull();
    const nested = join(data, 'image-folder');
    await writeImageFolder(nested, CLASSES, { train: 2, val: 3, test: 1 });
    expect(imageFolder.location({ dataFolder: data })).toBe(nested);
    vi.stubEnv('LIGHTBENCH_DATA', data);
    const { splits } = await loadDataset('image-folder');
    expect(SPLITS.map((split) => splits[split].count)).toEqual([6, 9, 3]);
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
    // The suite calibrates its int8 forms on 512 images.
    await writeImageFolder(data, CLASSES, { train: 180, val: 1 });
    vi.stubEnv('LIGHTBENCH_DATA', data);
    const plan = await planRun('paper/channel@imagenet', {
      only: 'grouped',
      seeds: 1,
      engine: 'onnxruntime',
    });
    expect(plan.conditions).toMatchObject({
      dataset: { id: 'image-folder', trainImages: 513, validationImages: 27, testImages: 3, classes: 3 },
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
      writeFileSync(file, Buffer.concat([readFileSync(file).subarray(0, -1), Buffer.from('b')]));
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
    // What follows the end of an image is of no picture, and of the content.
    appendFileSync(join(data, 'val', 'bee', '0.png'), 'a');
    utimesSync(join(data, 'val', 'bee', '0.png'), 5, 5);
    const { contentHash } = await load(data);
    await setTimeout(CLOCK_MS);
    change(data);
    expect((await load(data)).contentHash).not.toBe(contentHash);
  });

  it('tells how many images were looked at, of how many', async ({ data }) => {
    await writeImageFolder(data, CLASSES, { train: 3, val: 1 });
    const told: DataProgress[] = [];
    const onProgress = (progress: DataProgress): void => void told.push(progress);
    await imageFolder.load({ dataFolder: data, onProgress });
    expect(told).toEqual(Array.from({ length: 12 }, (_, i) => ({ kind: 'images', done: i + 1, total: 12 })));
    await imageFolder.load({ dataFolder: data, onProgress });
    expect(told).toHaveLength(12);
  });

  it('is kept, and worked out again where what is kept is damaged', async ({ folder, data }) => {
    await writeImageFolder(data, CLASSES, { train: 2, val: 1 });
    const { contentHash } = await load(data);
    const cache = join(folder, 'cache', 'lightbench', 'image-folder');
    const [kept = ''] = readdirSync(cache);
    const whole = readFileSync(join(cache, kept));
    writeFileSync(join(cache, kept), Buffer.concat([Buffer.from('0123456789abcdef'), whole.subarray(16)]));
    expect((await load(data)).contentHash).toBe('0123456789abcdef');
    for (const damaged of [whole.subarray(0, 0), whole.subarray(0, -1), Buffer.concat([whole, whole])]) {
      writeFileSync(join(cache, kept), damaged);
      expect((await load(data)).contentHash).toBe(contentHash);
      expect(readFileSync(join(cache, kept))).toEqual(whole);
    }
  });
});

describe('a folder of images is refused', () => {
  const LAYOUT =
    'The folder must contain train/<class>/, and val/<class>/ or test/<class>/, with jpg, png, webp, tif, gif or bmp files.';

  it('where none is named, or what is named is none', async ({ data }) => {
    expect(await refusalOf(() => imageFolder.load({}))).toBe(
      `The data set image-folder needs a folder, but LIGHTBENCH_DATA is not set. Set LIGHTBENCH_DATA to the folder. ${LAYOUT}`,
    );
    expect(await refusalOf(() => load(data))).toBe(
      `${data} is not a folder of images: it has no subfolder train. Set LIGHTBENCH_DATA to the folder. ${LAYOUT}`,
    );
    mkdirSync(join(data, 'train'));
    expect(await refusalOf(() => load(data))).toBe(
      `${join(data, 'train')} contains no class folders. ${LAYOUT}`,
    );
    await writeImageFolder(data, CLASSES, { train: 2 });
    expect(await refusalOf(() => load(data))).toBe(
      `${join(data, 'val')} contains no class folders. ${LAYOUT}`,
    );
  });

  const faults: Readonly<Record<string, readonly [fault: (data: string) => void, message: RegExp]>> = {
    'a class is missing where it is tested': [
      (data) => rmSync(join(data, 'val', 'ant'), { recursive: true }),
      /val is missing classes of .*train: ant\./,
    ],
    'a class is missing where it is trained': [
      (data) => rmSync(join(data, 'train', 'ant'), { recursive: true }),
      /train is missing classes of .*val: ant\./,
    ],
    'a class has too few images to train and validate': [
      (data) => rmSync(join(data, 'train', 'bee', '0.png')),
      /^The class bee has too few images in .*train: 1\. It needs at least 2, one to train and one to validate/,
    ],
    'a class has nothing to test': [
      (data) => rmSync(join(data, 'val', 'bee', '0.png')),
      /^The class bee has too few images in .*val: 0\. It needs at least 1, to test/,
    ],
    'a file is no image by its name': [
      (data) => writeFileSync(join(data, 'train', 'bee', 'notes.txt'), ''),
      /train.bee.notes\.txt has no image extension\. Move it elsewhere/,
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

  const SPECIAL: Readonly<Record<string, readonly [make: (path: string) => unknown, message: RegExp]>> = {
    'is empty': [(path) => writeFileSync(path, ''), /a\.png is empty\. Replace/],
    'is a folder': [(path) => mkdirSync(path), /a\.png is a folder, not a file\. Replace/],
    'is a link to nothing': [(path) => symlinkSync('none', path), /a\.png cannot be read: no such file/],
    'is a link to itself': [(path) => symlinkSync(path, path), /a\.png cannot be read: .* loop \(ELOOP\)/],
    'is a named pipe': [makeNamedPipe, /a\.png is a named pipe, not a file/],
    'leads to a device': [(path) => symlinkSync('/dev/zero', path), /a\.png is a device, not a file/],
    'is a socket': [listenAt, /a\.png is a socket, not a file/],
    'is larger than any image': [
      (path) => {
        writeFileSync(path, '');
        truncateSync(path, 2 ** 29);
      },
      /a\.png has 536870912 bytes; expected at most 268435456/,
    ],
    'lost its end': [
      async (path) => {
        const whole = await gradient(90, 60).jpeg().toBuffer();
        writeFileSync(path, whole.subarray(0, -40));
      },
      /a\.png cannot be read as an image: .*(premature end|damaged)/,
    ],
    'is an SVG of many pixels': [
      (path) => writeFileSync(path, '<svg xmlns="http://www.w3.org/2000/svg" width="30000" height="30000"/>'),
      /a\.png cannot be read as an image: it is no JPEG, PNG, WebP, TIFF, GIF or BMP/,
    ],
    'has too many pixels': [
      (path) =>
        sharp({
          create: { width: 10_001, height: 10_000, channels: 3, background: 'red' },
          limitInputPixels: false,
        })
          .png()
          .toFile(path),
      /a\.png cannot be read as an image: it has more than 100 million pixels/,
    ],
    'is an animation': [
      async (path) => {
        const frames = await Promise.all([1, 200].map((red) => plain(9, 8, [red, 2, 3]).png().toBuffer()));
        await writeFile(
          path,
          await sharp(frames, { join: { animated: true } })
            .webp()
            .toBuffer(),
        );
      },
      /a\.png is an animation of 2 frames/,
    ],
    'may not be read': [(path) => writeFileSync(path, '', { mode: 0 }), /a\.png cannot be read: permission/],
  };

  it.for(Object.entries(SPECIAL))('where a file %s', async ([what, [make, message]], { data, skip }) => {
    if (process.platform === 'win32') skip('Windows has no such files');
    chmodSync(dirname(data), 0o755);
    for (const part of ['train', 'val'] as const) {
      await writeImageFolder(data, CLASSES, { train: 2, val: 1 });
      const path = join(data, part, 'ant', 'a.png');
      await make(path);
      const read = () => refusalOf(() => load(data));
      expect(await (what === 'may not be read' ? withoutRoot(read) : read())).toMatch(message);
      rmSync(path, { recursive: true });
    }
    expect((await load(data)).classes).toHaveLength(3);
  });

  it('where a file called jpg is AVIF', async ({ data }) => {
    await writeImageFolder(data, CLASSES, { train: 2, val: 1 });
    await plain(64, 64, [1, 2, 3])
      .avif()
      .toFile(join(data, 'train', 'ant', 'a.jpg'));
    expect(await refusalOf(() => load(data))).toMatch(/a\.jpg cannot be read as an image: it is no JPEG/);
  });

  it.for(['tif', 'gif', 'webp'] as const)('not where an image is %s', async (format, { data }) => {
    await writeImageFolder(data, CLASSES, { train: 2, val: 1 });
    await plain(64, 64, [1, 2, 3]).toFile(join(data, 'train', 'ant', `a.${format}`));
    expect((await load(data)).splits.train.count).toBe(4);
  });

  it('not where an image is bmp', async ({ data }) => {
    await writeImageFolder(data, CLASSES, { train: 2, val: 1 });
    const red = Array<Colour>(64 * 48).fill([200, 1, 2]);
    writeFileSync(join(data, 'train', 'ant', 'a.bmp'), bmpOf(red, [64, 48], { bits: 24 }));
    expect((await load(data)).splits.train.count).toBe(4);
  });

  it('not where a PNG is called JPEG, as one of ImageNet is', async ({ data }) => {
    await writeImageFolder(data, CLASSES, { train: 2, val: 1 });
    cpSync(join(data, 'train', 'ant', '0.png'), join(data, 'train', 'ant', 'a.JPEG'));
    expect((await load(data)).splits.train.count).toBe(4);
  });

  it('where files are damaged, naming several at once', async ({ data }) => {
    await writeImageFolder(data, CLASSES, { train: 2, val: 1 });
    for (const name of CLASSES) writeFileSync(join(data, 'val', name, '0.png'), '');
    expect(await refusalOf(() => load(data))).toMatch(
      /^.*val.Cat.0\.png is empty\. .*val.ant.0\.png is empty\. .*val.bee.0\.png is empty\. Replace the files/,
    );
    for (const name of CLASSES) writeFileSync(join(data, 'train', name, '0.png'), '');
    expect(await refusalOf(() => load(data))).toMatch(/(is empty\..*){5}There may be more/);
  });

  it('where there is a single class', async ({ data }) => {
    await writeImageFolder(data, ['ant'], { train: 2, val: 1 });
    expect(await refusalOf(() => load(data))).toMatch(/train has only one class\. Provide 2 to 65536/);
  });

  it('where a class is a link to a file, or to nothing', async ({ data }) => {
    await writeImageFolder(data, CLASSES, { train: 2, val: 1 });
    for (const [target, message] of [
      ['../val/ant/0.png', /train.dog cannot be read: not a directory|train.dog cannot be read: .*ENOTDIR/],
      ['none', /train.dog cannot be read: no such file/],
    ] as const) {
      symlinkSync(target, join(data, 'train', 'dog'));
      expect(await refusalOf(() => load(data))).toMatch(message);
      rmSync(join(data, 'train', 'dog'));
    }
  });

  it.skipIf(process.platform !== 'linux')('where a name is no text', async ({ data }) => {
    await writeImageFolder(data, CLASSES, { train: 2, val: 1 });
    const name = Buffer.from('caf\xe9.png', 'latin1');
    writeFileSync(Buffer.concat([Buffer.from(join(data, 'train', 'ant', '/')), name]), '');
    expect(await refusalOf(() => load(data))).toMatch(/train.ant.café\.png has a name that is not UTF-8/);
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
