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
import { onnxruntime } from '../../harness/engines/onnx/engine.js';
import { PROGRAMS } from '../../harness/engines/pytorch/process.js';
import { predictorRequest, trainerRequest } from '../../harness/engines/pytorch/requests.js';
import { GraphBuilder, type Value } from '../../harness/graph/builder.js';
import type { Graph } from '../../harness/graph/graph.js';
import { isMap, type MapShape, type Shape } from '../../harness/graph/shape.js';
import { packageRoot } from '../../harness/package-root.js';
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

const keep = (array: Float32Array | Int32Array): readonly [first: number, count: number] => {
  arrays.push(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  values += array.length;
  return [values - array.length, array.length];
};

const keepAll = (list: readonly (Float32Array | Int32Array)[]) => list.map(keep);

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
  JSON.stringify({ tolerance: TOLERANCE, jobs, timed: options.network.map(timedOf) }),
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
