/**
 * The latency method in a browser beside the same method in this process: chains of equal blocks, of which one has one block in twenty more
 * and so is 5 % slower wherever it runs, and one chain under two names. Chromium has to be installed.
 *
 *   npx jiti benchmarks/latency-browser.ts [--comparisons 10] [--blocks 20]
 */
import { parseArgs } from 'node:util';
import { buildNetwork } from '../blocks/build.js';
import { openBrowser } from '../harness/browser/browser.js';
import { onnxruntime } from '../harness/engines/onnx/engine.js';
import { predictorModel } from '../harness/engines/onnx/predictor-model.js';
import { contenderOf } from '../harness/measure/deploy-contender.js';
import type { Contender, GraphContender } from '../harness/measure/latency/latency-measurement.js';
import {
  type Comparison,
  compareLatency,
  comparisonLine,
  comparisonSummary,
  DEFAULT_LATENCY,
} from './latency-verdict.js';

const { values } = parseArgs({
  options: {
    comparisons: { type: 'string', default: '10' },
    blocks: { type: 'string', default: '20' },
  },
});
const blocks = Number(values.blocks);

/** Beside its blocks it has next to nothing. */
const chain = (name: string, depth: number): GraphContender => {
  const small = { depths: [depth], widths: [32], stemWidth: 32, stemStrides: [2, 1], headWidth: 32 };
  const set = { preset: 'small', ...small, block: 'inverted-residual' };
  return contenderOf(name, buildNetwork({ id: 'lightnet', set }, { input: [1, 32, 32], classes: 2 }));
};

const browser = await openBrowser(DEFAULT_LATENCY);
const inBrowser = ({ name, graph, weights }: GraphContender): Contender => ({
  name,
  input: graph.input.shape,
  load: () => browser.load(predictorModel(graph, weights, 1)),
});
const DEVICES: Readonly<Record<string, (contender: GraphContender) => Contender>> = {
  'this process': (contender) => contender,
  [browser.runtime]: inBrowser,
};
const SECONDS = { 'the same chain': blocks, 'one block more': blocks + 1 };

const rows = Object.entries(SECONDS).flatMap(([second, depth]) =>
  Object.entries(DEVICES).map(([device, on]) => ({ second, depth, device, on, found: [] as Comparison[] })),
);
try {
  for (let seed = 0; seed < Number(values.comparisons); seed += 1) {
    for (const { second, depth, device, on, found } of rows) {
      const pair = [on(chain('chain', blocks)), on(chain('second', depth))] as const;
      const comparison = await compareLatency(pair, onnxruntime, seed, DEFAULT_LATENCY);
      found.push(comparison);
      console.log(`${device}, ${second}: ${comparisonLine(comparison)}`);
    }
  }
} finally {
  await browser.close();
}
console.table(rows.map(({ second, device, found }) => ({ second, device, ...comparisonSummary(found) })));
