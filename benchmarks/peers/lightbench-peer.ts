/** The onnxruntime engine as a contender: see `contender.ts` for what it reads and answers. */
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { onnxruntime } from '../../harness/engines/onnx/engine.js';
import type { Graph } from '../../harness/graph/graph.js';
import { elementCount } from '../../harness/graph/shape.js';
import { stepRecipeSchema } from '../../harness/recipe/recipe.js';
import { deployForm } from '../../harness/rewrite/deploy.js';
import { initialWeights } from '../../harness/train/initialise.js';
import type { Job } from '../contender.js';
import { benchmarkNetwork } from '../networks.js';

/** A field of Linux's account of this process, in bytes. */
const memory = (field: 'VmRSS' | 'VmHWM'): number => {
  const kibibytes = new RegExp(`${field}:\\s+(\\d+) kB`).exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  return Number(kibibytes) * 1024;
};

const stepOf = async (graph: Graph, { batch, mode, threads }: Job): Promise<() => Promise<unknown>> => {
  const weights = initialWeights(graph, 0);
  const images = Float32Array.from({ length: batch * elementCount(graph.input.shape) }, (_, i) =>
    Math.sin(i),
  );
  if (mode === 'inference') {
    const { graph: deployed, convert } = deployForm(graph);
    const predictor = await onnxruntime.createPredictor(deployed, convert(weights), { batch, threads });
    return () => predictor.run(images);
  }
  const recipe = stepRecipeSchema.parse({});
  const trainer = await onnxruntime.createTrainer(graph, weights, { batch, threads, recipe });
  const labels = Int32Array.from({ length: batch }, (_, i) => i % graph.output.shape[0]);
  return () => trainer.step({ images, labels, count: batch }, 0.05);
};

await import('../../harness/engines/onnx/native.js');
const idle = memory('VmRSS');
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const job: Job = JSON.parse((await lines.next()).value);
const step = await stepOf(benchmarkNetwork(job.network).graph(), job);
for await (const line of lines) {
  const seconds: number[] = [];
  const processorSeconds: number[] = [];
  for (let i = 0; i < JSON.parse(line).steps; i += 1) {
    const start = performance.now();
    const used = process.cpuUsage();
    await step();
    const { user, system } = process.cpuUsage(used);
    seconds.push((performance.now() - start) / 1000);
    processorSeconds.push((user + system) / 1e6);
  }
  console.log(JSON.stringify({ seconds, processorSeconds, peakBytes: memory('VmHWM') - idle }));
}
