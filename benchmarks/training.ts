/**
 * Training and inference speed against PyTorch on the same graphs, interleaved: rounds of a few steps of every contender in turn,
 * so that a slow minute of the machine hits all alike. Prints medians in milliseconds a step and ratios of throughput.
 *
 *   npx jiti benchmarks/training.ts [--mode inference] [--threads 2] [--rounds 7] [--only TEXT]
 */

import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { onnxruntime } from '../harness/engines/onnx/engine.js';
import type { Graph } from '../harness/graph/graph.js';
import { elementCount } from '../harness/graph/shape.js';
import { deployForm } from '../harness/rewrite/deploy.js';
import { initialWeights } from '../harness/train/initialise.js';
import { stepRecipeSchema } from '../harness/train/recipe.js';
import { BENCHMARK_NETWORKS, type BenchmarkNetwork } from './networks.js';

type Mode = 'training' | 'inference';

interface Contender {
  readonly name: string;
  /** Seconds of each of so many steps. */
  time(steps: number): Promise<readonly number[]>;
  close(): Promise<void>;
}

const STEPS = { training: 3, inference: 20 } as const;
const LAYOUTS = ['nchw', 'channels-last'] as const;

const torchPeer = async (
  graph: Graph,
  batch: number,
  mode: Mode,
  threads: number,
  layout: string,
): Promise<Contender> => {
  const child = execa('python3', [new URL('./peers/torch_peer.py', import.meta.url).pathname], {
    buffer: false,
  });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const nodes = graph.nodes.map(({ path, op, inputs, shape }) => ({ path, op, inputs, shape }));
  const job = {
    graph: { nodes, output: graph.output.id },
    input: graph.input.shape,
    classes: graph.output.shape[0],
    batch,
    mode,
    threads,
    layout,
  };
  child.stdin.write(`${JSON.stringify(job)}\n`);
  return {
    name: `PyTorch ${layout}`,
    time: async (steps) => {
      child.stdin.write(`${JSON.stringify({ steps })}\n`);
      const { value } = await answers.next();
      return JSON.parse(value).seconds;
    },
    close: async () => {
      child.stdin.end();
      await child;
    },
  };
};

const lightbench = async (graph: Graph, batch: number, mode: Mode, threads: number): Promise<Contender> => {
  const weights = initialWeights(graph, 0);
  const images = Float32Array.from({ length: batch * elementCount(graph.input.shape) }, (_, i) =>
    Math.sin(i),
  );
  const step =
    mode === 'training'
      ? await trainingStep(graph, weights, batch, threads, images)
      : await inferenceStep(graph, weights, batch, threads, images);
  return {
    name: 'lightbench',
    time: async (steps) => {
      const seconds: number[] = [];
      for (let i = 0; i < steps; i += 1) {
        const start = performance.now();
        await step.run();
        seconds.push((performance.now() - start) / 1000);
      }
      return seconds;
    },
    close: step.close,
  };
};

type Weights = ReturnType<typeof initialWeights>;

const trainingStep = async (
  graph: Graph,
  weights: Weights,
  batch: number,
  threads: number,
  images: Float32Array,
) => {
  const recipe = stepRecipeSchema.parse({});
  const trainer = await onnxruntime.createTrainer(graph, weights, { batch, threads, recipe });
  const labels = Int32Array.from({ length: batch }, (_, i) => i % graph.output.shape[0]);
  return { run: () => trainer.step({ images, labels, count: batch }, 0.05), close: () => trainer.dispose() };
};

const inferenceStep = async (
  graph: Graph,
  weights: Weights,
  batch: number,
  threads: number,
  images: Float32Array,
) => {
  const deployed = deployForm(graph);
  const predictor = await onnxruntime.createPredictor(deployed.graph, deployed.convert(weights), {
    batch,
    threads,
  });
  return { run: () => predictor.run(images), close: () => predictor.dispose() };
};

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const compare = async (
  { name, batch: trainingBatch, graph: build }: BenchmarkNetwork,
  mode: Mode,
  threads: number,
  rounds: number,
) => {
  const graph = build();
  const batch = mode === 'training' ? trainingBatch : 1;
  const contenders = [
    await lightbench(graph, batch, mode, threads),
    ...(await Promise.all(LAYOUTS.map((layout) => torchPeer(graph, batch, mode, threads, layout)))),
  ];
  const seconds = new Map(contenders.map((contender) => [contender.name, [] as number[]]));
  for (const contender of contenders) await contender.time(STEPS[mode]);
  for (let round = 0; round < rounds; round += 1) {
    for (const contender of contenders)
      seconds.get(contender.name)?.push(median(await contender.time(STEPS[mode])));
  }
  for (const contender of contenders) await contender.close();
  const [ours = Number.NaN, ...peers] = [...seconds.values()].map(median);
  return {
    network: name,
    mode,
    threads,
    batch,
    'lightbench ms': (ours * 1000).toFixed(1),
    'images/s': Math.round(batch / ours),
    ...Object.fromEntries(
      LAYOUTS.map((layout, i) => [`PyTorch ${layout} ms`, ((peers[i] ?? Number.NaN) * 1000).toFixed(1)]),
    ),
    'x default layout': ((peers[0] ?? Number.NaN) / ours).toFixed(2),
    'x best layout': (Math.min(...peers) / ours).toFixed(2),
  };
};

const { values } = parseArgs({
  options: {
    mode: { type: 'string', default: 'training' },
    threads: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '7' },
    only: { type: 'string', default: '' },
  },
  allowPositionals: true,
});
const mode: Mode = values.mode === 'inference' ? 'inference' : 'training';
const rows = [];
for (const network of BENCHMARK_NETWORKS.filter(({ name }) => name.includes(values.only))) {
  rows.push(await compare(network, mode, Number(values.threads), Number(values.rounds)));
  console.log(rows.at(-1));
}
console.table(rows);
