/**
 * What a batch costs on its way through the pipe to the Python process of the engine `pytorch`, beside a step of training on it: LightNet at
 * 224 px, on the CPU with one thread. A few sends and a step in turn. By processor time too, of both processes. Then what is left of it in
 * elapsed time where the next step is asked for while one is computed, as in training: of a network of one convolution, whose step is about as
 * long as the way. Linux only.
 *
 *   npx jiti benchmarks/pytorch-pipe.ts [--rounds 5] [--batch 64] [--sends 5]
 */
import { parseArgs } from 'node:util';
import { buildNetwork } from '../blocks/build.js';
import { convBnAct } from '../blocks/conv-bn.js';
import { inOrder } from '../harness/data/batches/in-order.js';
import { pytorch } from '../harness/engines/pytorch/engine.js';
import { pythonProcess } from '../harness/engines/pytorch/process.js';
import { GraphBuilder } from '../harness/graph/build/builder.js';
import type { Graph } from '../harness/graph/graph.js';
import { elementCount } from '../harness/graph/shape.js';
import { stepRecipeSchema } from '../harness/recipe/recipe.js';
import { workerEnvironment } from '../harness/run/worker/large-pages.js';
import { median } from '../harness/stats/sample.js';
import { initialWeights } from '../harness/train/initialise.js';
import { onlyChild, processorSecondsOf } from './processor-time.js';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    batch: { type: 'string', default: '64' },
    sends: { type: 'string', default: '5' },
  },
});
const [rounds, batch, sends] = [Number(values.rounds), Number(values.batch), Number(values.sends)];

// With large pages, as a trial and the other process have them.
Object.assign(process.env, workerEnvironment('trial'));
const graph = buildNetwork('lightnet', { input: [3, 224, 224], classes: 1000 });
const recipe = stepRecipeSchema.parse({});
const engine = pytorch.onOtherDevices?.cpu ?? pytorch;
const trainerOf = (network: Graph) =>
  engine.createTrainer(network, initialWeights(network, 0), { batch, threads: 1, recipe });
const trainer = await trainerOf(graph);
const images = Float32Array.from({ length: batch * elementCount(graph.input.shape) }, (_, i) => Math.sin(i));
const labels = Int32Array.from({ length: batch }, (_, i) => i % 1000);

const python = await pythonProcess();
/** Of the next trainer, which nobody makes: the process reads the payload and throws it away. */
const nobody = { ask: 'forget', handle: python.newHandle(), threads: 1 } as const;

interface Sample {
  readonly seconds: number;
  readonly processorSeconds: number;
}

const pid = onlyChild();
const used = (): number => processorSecondsOf(pid) + processorSecondsOf(process.pid);

/** Of one of so many times. */
const timed = async (times: number, act: () => Promise<unknown>): Promise<Sample> => {
  const [start, before] = [performance.now(), used()];
  for (let time = 0; time < times; time += 1) await act();
  return {
    seconds: (performance.now() - start) / 1000 / times,
    processorSeconds: (used() - before) / times,
  };
};

const send = () => timed(sends, () => python.ask(nobody, [images]));
const step = () => timed(1, () => trainer.step({ images, labels, count: batch }, 0.05));

await send();
await step();
const pairs: (readonly [sent: Sample, stepped: Sample])[] = [];
for (let round = 0; round < rounds; round += 1) pairs.push([await send(), await step()]);
await trainer.dispose();
const row = (of: (sample: Sample) => number) => {
  const shares = pairs.map(([sent, stepped]) => (100 * of(sent)) / of(stepped));
  return {
    'ms a send': (1000 * median(pairs.map(([sent]) => of(sent)))).toFixed(1),
    'ms a step': (1000 * median(pairs.map(([, stepped]) => of(stepped)))).toFixed(0),
    '% of the step': `${median(shares).toFixed(2)} (${Math.min(...shares).toFixed(2)} - ${Math.max(...shares).toFixed(2)})`,
  };
};
console.log(`LightNet, 224 px, batch ${batch}: ${(images.byteLength / 1e6).toFixed(1)} MB a step`);
console.table({
  'elapsed time': row(({ seconds }) => seconds),
  'processor time': row(({ processorSeconds }) => processorSeconds),
});

const oneConvolution = (): Graph => {
  const g = GraphBuilder.create();
  const options = { outChannels: 8, kernel: 4, stride: 4, padding: 0 };
  const maps = convBnAct(g.scope('stem'), g.input([3, 224, 224]), options, 'relu');
  return g.finish(g.dense('classifier', g.flatten('flatten', g.globalAvgPool('pool', maps)), 1000));
};

const STEPS = 12;
const small = await trainerOf(oneConvolution());

/** Milliseconds a step. */
const stepsAsked = async (ahead: number): Promise<number> => {
  async function* steps() {
    for (let step = 0; step < STEPS; step += 1)
      yield () => small.step({ images, labels, count: batch }, 0.05);
  }
  const start = performance.now();
  for await (const _ of inOrder(steps(), ahead));
  return (performance.now() - start) / STEPS;
};

await stepsAsked(1);
const turns: (readonly [awaited: number, ahead: number])[] = [];
for (let round = 0; round < rounds; round += 1) turns.push([await stepsAsked(0), await stepsAsked(1)]);
await small.dispose();
const ratios = turns.map(([awaited, ahead]) => ahead / awaited);
console.log(
  `A step of one convolution: ${median(turns.map(([awaited]) => awaited)).toFixed(1)} ms where each is waited for, ` +
    `${median(turns.map(([, ahead]) => ahead)).toFixed(1)} ms where the next is asked for meanwhile, ` +
    `${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)} - ${Math.max(...ratios).toFixed(2)}) of it`,
);
