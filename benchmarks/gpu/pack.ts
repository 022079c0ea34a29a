/**
 * Packs a check of the engine `pytorch` for a machine that has Python with torch and a GPU, and neither Node nor a network: jobs with the
 * results that onnxruntime gave here, networks to time, and the programs. See README.md.
 *
 *   npx jiti benchmarks/gpu/pack.ts --out FOLDER [--only PATTERN of jobs] [--network NAME to time]...
 */
import { copyFile, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildAlone, buildNetwork } from '../../blocks/build.js';
import { listDefinitions } from '../../blocks/lookup.js';
import { trainBatches, unpaintedTrainBatches } from '../../harness/data/batches/batches.js';
import type { Dataset, ScaledSplit } from '../../harness/data/dataset.js';
import { shownRegion } from '../../harness/data/images/shown-region.js';
import { onnxruntime } from '../../harness/engines/onnx/engine.js';
import { paintRequest } from '../../harness/engines/pytorch/painting.js';
import { type PayloadArray, PROGRAMS } from '../../harness/engines/pytorch/process.js';
import { predictorRequest, trainerRequest } from '../../harness/engines/pytorch/requests.js';
import { GraphBuilder, type Value } from '../../harness/graph/build/builder.js';
import type { Graph } from '../../harness/graph/graph.js';
import { isMap, type MapShape, type Shape } from '../../harness/graph/shape.js';
import { packageRoot } from '../../harness/package/package-root.js';
import { randomStream } from '../../harness/random.js';
import { recipeSchema } from '../../harness/recipe/recipe.js';
import { initialWeights } from '../../harness/train/initialise.js';
import { resultsOf, TOLERANCE, VERIFIED, verificationStart } from '../../harness/verify/verify.js';

const CLASSES = 10;
const PART_INPUT: MapShape = [16, 8, 8];
const SHALLOW = { preset: 'small', depths: [1, 1], widths: [16, 32], headWidth: 32 };
const TIMED = ['lightnet(block=inverted-residual)', 'falconnet', 'mobilenet-v2'];
const STEPS = 20;
const SEED = 1;

/** Values one after the other in one file; the jobs name them by place and count. */
const arrays: Uint8Array[] = [];
let values = 0;

const keep = ({ buffer, byteOffset, byteLength }: PayloadArray): readonly [first: number, count: number] => {
  arrays.push(new Uint8Array(buffer, byteOffset, byteLength));
  const count = byteLength / 4;
  values += count;
  return [values - count, count];
};

const keepAll = (list: readonly PayloadArray[]) => list.map(keep);

/** A part as a network: its map feeds a classifier. */
const classified = (part: Graph): Graph => {
  const g = GraphBuilder.create();
  const built: Value<Shape>[] = [];
  for (const { path, op, inputs } of part.nodes) {
    built.push(
      g.append(
        path,
        op,
        inputs.flatMap((id) => built[id] ?? []),
      ),
    );
  }
  const output = built[part.output.id];
  if (output === undefined || !isMap(output.shape)) throw new TypeError('A part gives a map.');
  const map = { id: output.id, shape: output.shape };
  return g.finish(g.dense('classifier.dense', g.flatten('classifier.flatten', map), CLASSES));
};

const verified: readonly (readonly [name: string, graph: () => Graph, steps: number])[] = [
  ...listDefinitions()
    .filter(({ kind }) => kind !== 'network')
    .map(({ id }) => [id, () => classified(buildAlone(id, PART_INPUT)), 0] as const),
  ...['lightnet', 'falconnet'].map(
    (id) =>
      [
        `${id}, two stages`,
        () => buildNetwork({ id, set: SHALLOW }, { input: [3, 32, 32], classes: CLASSES }),
        STEPS,
      ] as const,
  ),
];

/** What is sent to the Python process, and what onnxruntime gave. */
const jobOf = async (name: string, graph: Graph, steps: number) => {
  const start = verificationStart(graph, SEED);
  const { batch } = start;
  const { outputs, step, training } = await resultsOf(onnxruntime, start, steps);
  const predictor = predictorRequest(graph, start.trained, { batch: batch.count });
  const trainerOf = ({
    recipe,
    rate,
  }: {
    readonly recipe: typeof VERIFIED.step.recipe;
    readonly rate: number;
  }) => {
    const { request, payload } = trainerRequest(graph, start.weights, { batch: batch.count, recipe });
    return { request, payload: keepAll(payload), rate };
  };
  const after = trainerRequest(graph, step.weights, { batch: batch.count, recipe: VERIFIED.step.recipe });
  const [parameters, statistics] = (['parameters', 'statistics'] as const).map(
    (vector) => after.payload[after.names.indexOf(vector)] ?? new Float32Array(),
  );
  return {
    name,
    images: keep(batch.images),
    labels: keep(batch.labels),
    predictor: { request: predictor.request, payload: keepAll(predictor.payload), outputs: keep(outputs) },
    step: {
      ...trainerOf(VERIFIED.step),
      loss: step.losses[0],
      parameters: keep(parameters ?? new Float32Array()),
      statistics: keep(statistics ?? new Float32Array()),
    },
    training: training === null ? null : { ...trainerOf(VERIFIED.training), losses: training.losses },
  };
};

const NOISY_IMAGES = 16;

/** Noise in sizes of its own. */
const noise: ScaledSplit = {
  labels: Uint8Array.from({ length: NOISY_IMAGES }, (_, index) => index % 2),
  count: NOISY_IMAGES,
  show: async (index, { crop }) => {
    const stream = randomStream(SEED, 'noise', index);
    const size = { width: stream.integer(40, 200), height: stream.integer(40, 200) };
    const bytes = Uint8Array.from({ length: 3 * size.width * size.height }, () => stream.integer(0, 255));
    return { pixels: { bytes, ...size }, box: shownRegion(size, crop) };
  },
};

const noisy: Dataset = {
  id: 'noise',
  contentHash: '',
  classes: ['even', 'odd'],
  channels: 3,
  imageSize: null,
  mean: [0.485, 0.456, 0.406],
  deviation: [0.229, 0.224, 0.225],
  splits: { train: noise, validation: noise, test: noise },
};

/** Of sums in another order, in units of the deviation. */
const PAINT_TOLERANCE = 1e-5;

/** A batch with all that a recipe may do to images, unpainted, and painted here. */
const paintingJob = async () => {
  const size = 96;
  const augmentation = { shift: 4, crop: 'random-resized', erase: 0.5, mixup: 0.4 } as const;
  const recipe = recipeSchema.parse({ epochs: 1, batch: NOISY_IMAGES, learningRate: 0.1, augmentation });
  const options = { ...recipe, seed: SEED, epoch: 1, size };
  const [painted, unpainted] = await Promise.all([
    trainBatches(noisy, options).next().value,
    unpaintedTrainBatches(noisy, options).next().value,
  ]);
  if (!painted || !unpainted) throw new RangeError('An epoch of noise has a batch.');
  const g = GraphBuilder.create();
  const graph = g.finish(g.times('as-it-is', g.input([noisy.channels, size, size]), 1));
  const { painting, payload } = paintRequest(unpainted.images);
  return {
    request: predictorRequest(graph, new Map(), { batch: NOISY_IMAGES }).request,
    painting,
    payload: keepAll(payload),
    images: keep(painted.images),
    tolerance: PAINT_TOLERANCE,
  };
};

/** A network to time; the check draws its weights. */
const timedOf = (name: string) => {
  const graph = buildNetwork(name, { input: [3, 224, 224], classes: 1000 });
  const { request } = trainerRequest(graph, initialWeights(graph, SEED), {
    batch: 1,
    recipe: VERIFIED.training.recipe,
  });
  return { name, request, shapes: graph.nodes.map(({ shape }) => shape) };
};

const { values: options } = parseArgs({
  options: {
    out: { type: 'string' },
    only: { type: 'string', default: '' },
    network: { type: 'string', multiple: true, default: TIMED },
  },
});
const { out } = options;
if (out === undefined) throw new Error('Name the folder to write with --out.');
const only = new RegExp(options.only);
const jobs = [];
for (const [name, graph, steps] of verified) {
  if (only.test(name)) jobs.push(await jobOf(name, graph(), steps));
}
await mkdir(join(out, 'engine'), { recursive: true });
await writeFile(
  join(out, 'jobs.json'),
  JSON.stringify({
    tolerance: TOLERANCE,
    jobs,
    painting: await paintingJob(),
    timed: options.network.map(timedOf),
  }),
);
await writeFile(join(out, 'jobs.bin'), arrays);
const programs = join(packageRoot(), PROGRAMS);
for (const file of (await readdir(programs)).filter((name) => name.endsWith('.py'))) {
  await copyFile(join(programs, file), join(out, 'engine', file));
}
for (const file of ['./check.py', './client.py', '../peers/torch_peer.py', './README.md']) {
  await copyFile(fileURLToPath(new URL(file, import.meta.url)), join(out, basename(file)));
}
const files = await readdir(out, { recursive: true });
const sizes = await Promise.all(files.map(async (file) => (await stat(join(out, file))).size));
const megabytes = sizes.reduce((sum, size) => sum + size, 0) / 1e6;
console.log(
  `${out}: ${jobs.length} jobs and ${options.network.length} networks to time, ${megabytes.toFixed(1)} MB`,
);
