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
import { difference, judge, showEffect } from '../harness/analysis/evidence.js';
import { latencyEvidence, noiseFloorOf } from '../harness/analysis/latency.js';
import type { Engine } from '../harness/engines/engine.js';
import { onnxruntime } from '../harness/engines/onnx/engine.js';
import type { Graph } from '../harness/graph/graph.js';
import type { Weights } from '../harness/graph/parameters.js';
import { watchMachine } from '../harness/measure/disturbance.js';
import { type Contender, measureLatency } from '../harness/measure/latency.js';
import { isDecidedEarly } from '../harness/measure/stopping.js';
import { deployForm } from '../harness/rewrite/deploy.js';
import { suiteSchema } from '../harness/run/suite-schema.js';
import { earlyLooks, lookLevels } from '../harness/stats/looks.js';
import { median } from '../harness/stats/sample.js';
import { initialWeights } from '../harness/train/initialise.js';
import type { LatencyResult, LatencyState } from '../results/record.js';
import { DEFAULT_THRESHOLDS } from '../results/thresholds.js';
import { slowedPredictor } from './slowed-predictor.js';

interface Settings {
  readonly sessions: number;
  readonly rounds: number;
  readonly threads: number;
}

/** The network of these weights is slowed by that share. */
const slowed = (weights: Weights, share: number): Pick<Engine, 'createPredictor'> => ({
  createPredictor: async (graph, given, options) => {
    const predictor = await onnxruntime.createPredictor(graph, given, options);
    return given === weights && share > 0 ? slowedPredictor(predictor, share) : predictor;
  },
});

const compareWithCopy = async (
  graph: Graph,
  weights: Weights,
  share: number,
  seed: number,
  settings: Settings,
) => {
  const copy: Weights = new Map(weights);
  const contenders: Contender[] = [
    { name: 'network', graph, weights },
    { name: 'copy', graph, weights: copy },
  ];
  const start = performance.now();
  const conditionsUntilNow = await watchMachine();
  const { outcomes, control } = await measureLatency({
    ...settings,
    engine: slowed(copy, share),
    contenders,
    batch: 1,
    seed,
    isEnough: isDecidedEarly(DEFAULT_THRESHOLDS.latency, settings.sessions),
  });
  const { othersShare } = await conditionsUntilNow();
  const states = new Map<string, LatencyState>(
    outcomes.map(({ candidate, outcome }) => [candidate, outcome]),
  );
  const results = new Map<string, LatencyResult>(
    outcomes.flatMap(({ candidate, outcome }) =>
      outcome.state === 'done' ? [[candidate, outcome.result]] : [],
    ),
  );
  const noiseFloor = noiseFloorOf({ latency: states, latencyControl: control });
  const { last } = lookLevels(earlyLooks(settings.sessions));
  const evidence = latencyEvidence(results, DEFAULT_THRESHOLDS.latency, noiseFloor, last);
  const inference = evidence.contrast(difference('copy', 'network'));
  const [judgement] = inference === null ? [] : judge(evidence, [inference]);
  if (!judgement) throw new Error('One of the two does not run.');
  const { effect, interval, verdict } = showEffect(evidence, judgement);
  return {
    slower: percent(share),
    verdict: verdict.state,
    effect,
    found: percent(effect),
    interval: interval.map(percent).join(' to '),
    width: interval[1] - interval[0],
    'A/A floor': percent(noiseFloor ?? Number.NaN),
    ms: results.get('network')?.medianMs.toPrecision(4),
    sessions: results.get('network')?.sessions,
    seconds: Math.round((performance.now() - start) / 1000),
    'cores taken by others': percent(othersShare ?? Number.NaN),
  };
};

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

const { sessions, rounds, threads } = suiteSchema.shape.latency.parse(undefined);
const { values } = parseArgs({
  options: {
    network: { type: 'string', default: 'mobilenet-v2' },
    size: { type: 'string', default: '224' },
    comparisons: { type: 'string', default: '20' },
    first: { type: 'string', default: '0' },
    sessions: { type: 'string', default: String(sessions) },
    rounds: { type: 'string', default: String(rounds) },
    threads: { type: 'string', default: String(threads) },
    slower: { type: 'string', default: '0,0.05,0.03' },
  },
});
const size = Number(values.size);
const trained = buildNetwork(values.network, { input: [3, size, size], classes: 1000 });
const deployed = deployForm(trained);
const weights = deployed.convert(initialWeights(trained, 0));
const settings: Settings = {
  sessions: Number(values.sessions),
  rounds: Number(values.rounds),
  threads: Number(values.threads),
};

const summaries = [];
for (const share of values.slower.split(',').map(Number)) {
  const verdicts: string[] = [];
  const widths: number[] = [];
  const effects: number[] = [];
  for (let i = 0; i < Number(values.comparisons); i += 1) {
    const seed = Number(values.first) + i;
    const { width, effect, ...shown } = await compareWithCopy(deployed.graph, weights, share, seed, settings);
    verdicts.push(shown.verdict);
    widths.push(width);
    effects.push(effect);
    console.log(Object.values(shown).join('  '));
  }
  const count = (state: string): number => verdicts.filter((verdict) => verdict === state).length;
  summaries.push({
    'copy slower by': percent(share),
    comparisons: verdicts.length,
    better: count('better'),
    worse: count('worse'),
    tie: count('tie'),
    undecided: count('undecided'),
    'found, median': percent(median(effects)),
    'interval width, median': percent(median(widths)),
    widest: percent(Math.max(...widths)),
  });
}
console.table(summaries);
