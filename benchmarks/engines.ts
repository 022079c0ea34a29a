/**
 * Training speed of the engines against each other, one thread, interleaved: rounds of a few steps of every engine in turn. Prints
 * medians in milliseconds a step, and how many times as many images the first trains.
 *
 *   npx jiti benchmarks/engines.ts [--engines onnxruntime,tensorflow,wasm] [--network small] [--rounds 5] [--steps 3]
 */
import { parseArgs } from 'node:util';
import type { Trainer } from '../harness/engines/engine.js';
import { resolveEngine } from '../harness/engines/registry.js';
import type { Graph } from '../harness/graph/graph.js';
import { elementCount } from '../harness/graph/shape.js';
import { stepRecipeSchema } from '../harness/recipe/recipe.js';
import { median } from '../harness/stats/sample.js';
import { initialWeights } from '../harness/train/initialise.js';
import { BENCHMARK_NETWORKS } from './networks.js';

const RATE = 0.05;

interface Contender {
  readonly name: string;
  readonly trainer: Trainer;
  /** Milliseconds a step, of every round. */
  readonly roundMs: number[];
}

const enter = async (name: string, graph: Graph, batch: number): Promise<Contender> => {
  const { engine, version, device } = await resolveEngine(name);
  const recipe = stepRecipeSchema.parse({});
  const trainer = await engine.createTrainer(graph, initialWeights(graph, 0), { batch, threads: 1, recipe });
  return { name: `${engine.id} ${version} on ${device}`, trainer, roundMs: [] };
};

const { values } = parseArgs({
  options: {
    engines: { type: 'string', default: 'onnxruntime,tensorflow,wasm' },
    network: { type: 'string', default: 'small network' },
    rounds: { type: 'string', default: '5' },
    steps: { type: 'string', default: '3' },
  },
});

const rows = [];
for (const network of BENCHMARK_NETWORKS.filter(({ name }) => name.includes(values.network))) {
  const { batch } = network;
  const graph = network.graph();
  const images = new Float32Array(batch * elementCount(graph.input.shape)).map((_, i) => Math.sin(i));
  const labels = Int32Array.from({ length: batch }, (_, i) => i % graph.output.shape[0]);
  const contenders: Contender[] = [];
  for (const name of values.engines.split(',')) contenders.push(await enter(name, graph, batch));
  for (const { trainer } of contenders) await trainer.step({ images, labels, count: batch }, RATE);
  for (let round = 0; round < Number(values.rounds); round += 1) {
    for (const { trainer, roundMs } of contenders) {
      const start = performance.now();
      for (let step = 0; step < Number(values.steps); step += 1) {
        await trainer.step({ images, labels, count: batch }, RATE);
      }
      roundMs.push((performance.now() - start) / Number(values.steps));
    }
  }
  const [first] = contenders;
  for (const { name, trainer, roundMs } of contenders) {
    await trainer.dispose();
    const ratios = roundMs.map((ms, round) => ms / (first?.roundMs[round] ?? Number.NaN));
    rows.push({
      network: network.name,
      engine: name,
      batch,
      'ms a step': median(roundMs).toFixed(1),
      'images/s': Math.round((1000 * batch) / median(roundMs)),
      'x the first is faster': median(ratios).toFixed(2),
    });
  }
}
console.table(rows);
