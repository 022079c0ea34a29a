/**
 * What the engine `pytorch` costs beside PyTorch: a training step of it, batch and loss sent between two processes, against a plain loop of
 * PyTorch over the same network with the channels last, interleaved in rounds of a few steps each. Prints median milliseconds a step and
 * the median over rounds of the ratio, with its range; by processor time too, that of both processes together, which other work on the
 * machine changes less. Linux only: processor time is read from /proc.
 *
 *   npx jiti benchmarks/pytorch-engine.ts [--network NAME]... [--rounds 9] [--steps 3] [--threads 1]
 *
 * `--way deterministic` or `--way compiled`: instead, that way of computing against the engine's usual one, and the seconds of the first
 * step, in which PyTorch compiles.
 */
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { pytorch } from '../harness/engines/pytorch/engine.js';
import { elementCount } from '../harness/graph/shape.js';
import { type StepRecipeInput, stepRecipeSchema } from '../harness/recipe/recipe.js';
import { workerEnvironment } from '../harness/run/worker/large-pages.js';
import { median } from '../harness/stats/sample.js';
import { initialWeights } from '../harness/train/initialise.js';
import { type BenchmarkNetwork, benchmarkNetwork } from './networks.js';
import { startPeer } from './peers/json-lines.js';
import { onlyChild, processorSecondsOf } from './processor-time.js';

const NETWORKS = ['LightNet, inverted residual, 32 px', 'MobileNetV2, 96 px'];

const RATE = 0.05;

const sampleSchema = z.object({ seconds: z.array(z.number()), processorSeconds: z.array(z.number()) });

/** Seconds of each step. */
type Sample = z.infer<typeof sampleSchema>;

type Contender = (steps: number) => Promise<Sample>;

interface Opened {
  readonly run: Contender;
  readonly close: () => void | Promise<void>;
}

const ours = async (
  { graph: build, batch }: BenchmarkNetwork,
  threads: number,
  asked: StepRecipeInput = {},
): Promise<Opened> => {
  const graph = build();
  const engine = pytorch.onOtherDevices?.cpu ?? pytorch;
  const recipe = stepRecipeSchema.parse(asked);
  const trainer = await engine.createTrainer(graph, initialWeights(graph, 0), { batch, threads, recipe });
  const images = Float32Array.from({ length: batch * elementCount(graph.input.shape) }, (_, i) =>
    Math.sin(i),
  );
  const labels = Int32Array.from({ length: batch }, (_, i) => i % graph.output.shape[0]);
  const python = onlyChild();
  const used = (): number => processorSecondsOf(python) + processorSecondsOf(process.pid);
  const run: Contender = async (steps) => {
    const sample: Sample = { seconds: [], processorSeconds: [] };
    for (let step = 0; step < steps; step += 1) {
      const [start, before] = [performance.now(), used()];
      await trainer.step({ images, labels, count: batch }, RATE);
      sample.seconds.push((performance.now() - start) / 1000);
      sample.processorSeconds.push(used() - before);
    }
    return sample;
  };
  return { run, close: trainer.dispose };
};

const plainLoop = ({ graph: build, batch }: BenchmarkNetwork, threads: number): Opened => {
  const { nodes, output, input } = build();
  const peer = startPeer('./torch_peer.py');
  peer.tell({
    graph: {
      nodes: nodes.map(({ path, op, inputs, shape }) => ({ path, op, inputs, shape })),
      output: output.id,
    },
    input: input.shape,
    classes: output.shape[0],
    ...{ batch, threads, mode: 'training', layout: 'channels-last', compiled: false },
  });
  const run: Contender = (steps) => peer.ask({ steps }, sampleSchema);
  return { run, close: peer.close };
};

const milliseconds = (seconds: readonly number[] = []): string => (1000 * median(seconds)).toFixed(1);

/** The median over rounds, and the range. */
const ratios = ([engine = [], loop = []]: readonly (readonly number[])[] = []): string => {
  const each = engine.map((seconds, round) => seconds / (loop[round] ?? Number.NaN));
  return `${median(each).toFixed(3)} (${Math.min(...each).toFixed(3)}-${Math.max(...each).toFixed(3)})`;
};

const { values } = parseArgs({
  options: {
    network: { type: 'string', multiple: true, default: NETWORKS },
    rounds: { type: 'string', default: '9' },
    steps: { type: 'string', default: '3' },
    threads: { type: 'string', default: '1' },
    way: { type: 'string' },
  },
});
const WAYS: Readonly<Record<string, StepRecipeInput>> = {
  deterministic: { deterministic: true },
  compiled: { compiled: true },
};
const way = values.way === undefined ? null : { name: values.way, recipe: WAYS[values.way] ?? {} };
const [rounds, steps, threads] = [Number(values.rounds), Number(values.steps), Number(values.threads)];

// With large pages, as a trial and the other process have them.
Object.assign(process.env, workerEnvironment('trial'));
const rows = [];
for (const name of values.network) {
  const network = benchmarkNetwork(name);
  const contenders =
    way === null
      ? [await ours(network, threads), plainLoop(network, threads)]
      : [await ours(network, threads, way.recipe), await ours(network, threads)];
  const first = [];
  for (const { run } of contenders) first.push((await run(1)).seconds[0] ?? Number.NaN);
  for (const { run } of contenders) await run(steps);
  const samples: readonly Sample[][] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    // In turn first and second, so that neither always comes after the other.
    for (const i of round % 2 === 0 ? [0, 1] : [1, 0]) {
      const sample = await contenders[i]?.run(steps);
      if (sample) samples[i]?.push(sample);
    }
  }
  for (const { close } of contenders) await close();
  const [one, other] = way === null ? ['engine', 'plain loop'] : [way.name, 'usual'];
  const [wall, processor] = (['seconds', 'processorSeconds'] as const).map((kind) =>
    samples.map((rounds) => rounds.map((sample) => median(sample[kind]))),
  );
  rows.push({
    network: name,
    threads,
    batch: network.batch,
    [`${one} ms`]: milliseconds(wall?.[0]),
    [`${other} ms`]: milliseconds(wall?.[1]),
    [`${one} / ${other}`]: ratios(wall),
    'by processor time': ratios(processor),
    ...(way === null ? {} : { 'first step, s': first.map((seconds) => seconds.toFixed(1)).join(' and ') }),
  });
  console.log(rows.at(-1));
}
console.table(rows);
