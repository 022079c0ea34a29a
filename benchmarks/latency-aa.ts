/**
 * The latency method on this machine, against known truth: one network under two names, and against copies of itself that are slowed
 * by a known share. Nothing is calibrated: after every run of the copy the processor is kept busy for exactly that share of the time
 * that this run took, so that the ratio of the two is 1 + share whatever the machine does. Prints, for each share, how often the copy
 * was called better, worse, a tie or undecided, and what effect was found. Sessions and rounds are those of a suite that does not say.
 *
 *   npx jiti benchmarks/latency-aa.ts [--network mobilenet-v2] [--size 224] [--comparisons 20] [--first 0] [--sessions 12] [--rounds 120]
 *     [--threads 1] [--slower 0,0.05,0.03]
 *
 * All of it takes some twenty minutes. In pieces: --slower 0.05 --comparisons 7 --first 7 are the comparisons 7 to 13 of that share.
 */
import { parseArgs } from 'node:util';
import { buildNetwork } from '../blocks/build.js';
import type { Engine } from '../harness/engines/engine.js';
import { onnxruntime } from '../harness/engines/onnx/engine.js';
import type { Weights } from '../harness/graph/parameters.js';
import { deployForm } from '../harness/rewrite/deploy.js';
import { initialWeights } from '../harness/train/initialise.js';
import {
  type Comparison,
  compareLatency,
  comparisonLine,
  comparisonSummary,
  DEFAULT_LATENCY,
  percent,
} from './latency-verdict.js';
import { slowedPredictor } from './slowed-predictor.js';

/** The network of these weights is slowed by that share. */
const slowed = (weights: Weights, share: number): Pick<Engine, 'createPredictor'> => ({
  createPredictor: async (graph, given, options) => {
    const predictor = await onnxruntime.createPredictor(graph, given, options);
    return given === weights && share > 0 ? slowedPredictor(predictor, share) : predictor;
  },
});

const { values } = parseArgs({
  options: {
    network: { type: 'string', default: 'mobilenet-v2' },
    size: { type: 'string', default: '224' },
    comparisons: { type: 'string', default: '20' },
    first: { type: 'string', default: '0' },
    sessions: { type: 'string', default: String(DEFAULT_LATENCY.sessions) },
    rounds: { type: 'string', default: String(DEFAULT_LATENCY.rounds) },
    threads: { type: 'string', default: String(DEFAULT_LATENCY.threads) },
    slower: { type: 'string', default: '0,0.05,0.03' },
  },
});
const size = Number(values.size);
const trained = buildNetwork(values.network, { input: [3, size, size], classes: 1000 });
const { graph, convert } = deployForm(trained);
const weights = convert(initialWeights(trained, 0));
const settings = {
  sessions: Number(values.sessions),
  rounds: Number(values.rounds),
  threads: Number(values.threads),
};

const summaries = [];
for (const share of values.slower.split(',').map(Number)) {
  const comparisons: Comparison[] = [];
  for (let i = 0; i < Number(values.comparisons); i += 1) {
    const copy: Weights = new Map(weights);
    const network = { name: 'network', graph, weights };
    const comparison = await compareLatency(
      [network, { ...network, name: 'copy', weights: copy }],
      slowed(copy, share),
      Number(values.first) + i,
      settings,
    );
    comparisons.push(comparison);
    console.log(`${percent(share)}  ${comparisonLine(comparison)}`);
  }
  summaries.push({ 'copy slower by': percent(share), ...comparisonSummary(comparisons) });
}
console.table(summaries);
