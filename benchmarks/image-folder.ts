/**
 * Images a second, from JPEG files of 500x375 to float32 batches of 64 at 224x224: random-resized crop, flip, normalisation. Ours reads
 * the folder, and what `data prepare` made of it, also as far as the Python process of the engine `pytorch`, painted here or, as for a GPU,
 * not; theirs are torchvision's ImageFolder and DataLoader, with Pillow and with its own decoder. All in turn, each in a process of its own on
 * the same cores, with large pages as a trial has them. The photographs are made: noise of several scales, quality 85. Per core: images a
 * second of processor time, of all threads and processes of a contender, which other work on the machine disturbs less.
 *
 *   npm run build && npx jiti benchmarks/image-folder.ts [--rounds 3] [--cores 1] [--images 2000] [--folder DIR]
 *
 * `--hold-up`: instead, how much longer a training of LightNet at 224 px takes than with images that are there already.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import sharp from 'sharp';
import { z } from 'zod';
import { randomStream } from '../harness/random.js';
import { workerEnvironment } from '../harness/run/worker/large-pages.js';
import { median } from '../harness/stats/sample.js';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    cores: { type: 'string', default: '1' },
    images: { type: 'string', default: '2000' },
    folder: { type: 'string', default: join(tmpdir(), 'lightbench-made-photographs') },
    'hold-up': { type: 'boolean', default: false },
  },
});
const [rounds, cores, images] = [Number(values.rounds), Number(values.cores), Number(values.images)];
const CLASSES = 10;
const [WIDTH, HEIGHT] = [500, 375];

/** Cells across and down, and strength, of each layer of noise. */
const LAYERS = [
  [4, 3, 1],
  [8, 6, 0.8],
  [16, 12, 0.6],
  [40, 30, 0.4],
  [100, 75, 0.25],
  [250, 188, 0.18],
  [500, 375, 0.08],
] as const;

const photograph = async (seed: number): Promise<Buffer> => {
  const stream = randomStream(seed, 'photograph');
  const sum = new Float32Array(WIDTH * HEIGHT * 3);
  for (const [width, height, strength] of LAYERS) {
    const noise = Uint8Array.from({ length: width * height * 3 }, () => stream.integer(0, 255));
    const layer = await sharp(noise, { raw: { width, height, channels: 3 } })
      .resize(WIDTH, HEIGHT, { kernel: 'cubic', fit: 'fill' })
      .raw()
      .toBuffer();
    for (let i = 0; i < sum.length; i += 1) sum[i] = (sum[i] ?? 0) + strength * ((layer[i] ?? 0) - 127.5);
  }
  const bytes = Uint8ClampedArray.from(sum, (value) => 127.5 + 0.7 * value);
  return sharp(bytes, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .jpeg({ quality: 85 })
    .toBuffer();
};

/** `train/<class>/*` with all, and a few to test. */
const makePhotographs = async (folder: string): Promise<void> => {
  const partial = `${folder}.partial`;
  for (let index = 0; index < images; index += 1) {
    const name = `${index % CLASSES}`;
    const file = await photograph(index);
    for (const part of index < CLASSES ? ['train', 'val'] : ['train']) {
      mkdirSync(join(partial, part, name), { recursive: true });
      await writeFile(join(partial, part, name, `${index}.jpg`), file);
    }
  }
  await rename(partial, folder);
};

const answerSchema = z.object({
  images: z.number(),
  seconds: z.number(),
  processorSeconds: z.number(),
});

type Answer = z.infer<typeof answerSchema>;

const onCores = Array.from({ length: cores }, (_, core) => core).join();
const OWN = new URL('./peers/image-folder-peer.mjs', import.meta.url).pathname;
const TORCH = new URL('./peers/image_folder_peer.py', import.meta.url).pathname;

const ask = async (command: string, ...args: string[]): Promise<Answer> => {
  const { stdout } = await execa('taskset', ['-c', onCores, command, ...args], {
    stderr: 'inherit',
    env: workerEnvironment('trial'),
  });
  return answerSchema.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
};

const folder = `${values.folder}-${images}`;
if (!existsSync(folder)) await makePhotographs(folder);
const prepared = `${folder}-256`;
if (!existsSync(prepared)) {
  await execa('node', ['dist/harness/cli/main.js', 'data', 'prepare', folder, '--out', prepared]);
}

if (values['hold-up']) {
  for (const place of [folder, prepared]) {
    const { stdout } = await execa('node', [OWN, place, 'hold-up'], { stderr: 'inherit' });
    console.log(stdout);
  }
} else {
  const contenders: Readonly<Record<string, () => Promise<Answer>>> = {
    'torchvision, Pillow': () => ask('python3', TORCH, join(folder, 'train'), 'pillow', String(cores)),
    'torchvision, own decoder': () =>
      ask('python3', TORCH, join(folder, 'train'), 'torchvision', String(cores)),
    lightbench: () => ask('node', OWN, folder, 'load'),
    'lightbench, prepared at 256': () => ask('node', OWN, prepared, 'load'),
    'the same, into the engine pytorch': () => ask('node', OWN, prepared, 'load-torch'),
    'the same, unpainted, as for a GPU': () => ask('node', OWN, prepared, 'load-gpu'),
    'the same, sent instead of mapped': () => ask('node', OWN, prepared, 'sent-gpu'),
  };
  const answers = new Map(Object.keys(contenders).map((name) => [name, [] as Answer[]]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, run] of Object.entries(contenders)) answers.get(name)?.push(await run());
  }
  const speeds = (name: string, of: (answer: Answer) => number): readonly number[] =>
    (answers.get(name) ?? []).map((answer) => answer.images / of(answer));
  const [reference = ''] = answers.keys();
  console.table(
    [...answers.keys()].map((name) => {
      const row = (of: (answer: Answer) => number) => {
        const own = speeds(name, of);
        const theirs = speeds(reference, of);
        return {
          speed: median(own),
          ratio: median(own.map((speed, round) => speed / (theirs[round] ?? Number.NaN))),
        };
      };
      const [wall, processor] = [
        row(({ seconds }) => seconds),
        row(({ processorSeconds }) => processorSeconds),
      ];
      return {
        contender: name,
        'images/s': Math.round(wall.speed),
        'x Pillow': wall.ratio.toFixed(2),
        'images/s of processor time': Math.round(processor.speed),
        'x Pillow, processor time': processor.ratio.toFixed(2),
      };
    }),
  );
}
