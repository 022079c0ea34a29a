/**
 * What int8 does: top-1 of the quantised networks, what they lose by it, and their latency. The drop is paired: of every trial and image,
 * whether the int8 form is right less whether the float form is, so that seeds and images that decide both cancel out.
 */

import type { LatencyResult } from '../../results/measurement/latency-record.js';
import type { CandidateRecord } from '../../results/plan/candidate.js';
import { DEFAULT_THRESHOLDS } from '../../results/plan/thresholds.js';
import type { Run } from '../../results/run/run.js';
import { ALPHA } from '../stats/inference.js';
import { logContrast, roundsInference } from '../stats/rounds.js';
import type { Comparison, Estimate, Int8Analysis, Int8Summary, Interval, Otherwise } from './analysis.js';
import { rankable } from './comparable/equal-costs.js';
import { type Compared, compareAccuracies, compareLatencies, type Pair, pairsOf } from './comparisons.js';
import {
  type Accuracies,
  accuraciesOf,
  estimateTop1,
  type ReadImages,
  type Trained,
  trainedOf,
  unpackBits,
} from './evidence/accuracy.js';
import type { Evidence } from './evidence/evidence.js';
import {
  type Latencies,
  latenciesOf,
  latencyAlpha,
  latencyEvidence,
  noiseFloorOf,
} from './evidence/latency.js';
import { paretoFronts } from './fronts.js';
import type { Int8Metric } from './metrics.js';

/** What a run tells of its int8 forms. */
export interface Int8Evidence {
  /** Right in int8. */
  readonly correct: Trained;
  /** Right in int8 less right in float. */
  readonly change: Trained;
  readonly latencies: Latencies;
  readonly latency: Evidence;
  readonly noiseFloor: number | null;
  readonly otherwise: (pair: Pair) => Otherwise;
}

/** Throws UserError where a trial has not one bit an image. */
export const int8Evidence = (run: Run): Int8Evidence => {
  const { thresholds = DEFAULT_THRESHOLDS } = run.plan;
  const measured = run.int8 ?? { latency: new Map(), latencyControl: null };
  const noiseFloor = noiseFloorOf(measured);
  const latencies = latenciesOf(measured);
  return {
    correct: trainedOf(run, correctInInt8),
    change: trainedOf(run, changeByInt8),
    latencies,
    latency: latencyEvidence(latencies, thresholds.latency, noiseFloor, latencyAlpha(run)),
    noiseFloor,
    otherwise: ([candidate, reference]) => {
      const [one, other] = [candidate, reference].map(({ name }) => latencies.get(name)?.medianMs);
      return {
        macsRatio: candidate.costs.deploy.macs / reference.costs.deploy.macs,
        latencyRatio: one === undefined || other === undefined ? null : one / other,
      };
    },
  };
};

const correctInInt8: ReadImages = ({ int8 }, images, key) =>
  int8 === undefined ? null : unpackBits(int8.testCorrect, images, key);

const changeByInt8: ReadImages = ({ int8, testCorrect }, images, key) => {
  if (int8 === undefined) return null;
  const before = unpackBits(testCorrect, images, key);
  return Int8Array.from(unpackBits(int8.testCorrect, images, key), (bit, i) => bit - (before[i] ?? 0));
};

/** Those that are judged as accuracies are. */
type AccuracyMetric = Exclude<Int8Metric, 'latency-int8'>;

type AccuraciesBy = (metric: AccuracyMetric) => Accuracies | null;

/** Candidates that lend each other what is known of seeds, in one model a metric. */
export const int8Accuracies =
  ({ correct, change }: Int8Evidence, members: readonly string[]): AccuraciesBy =>
  (metric) =>
    accuraciesOf({ 'top1-int8': correct, 'drop-int8': change }[metric], members);

/** Pairs on one metric as one family, in their order; null where too little was measured. */
export const compareInt8 = (
  metric: Int8Metric,
  pairs: readonly Pair[],
  { latency, otherwise }: Int8Evidence,
  accuracies: AccuraciesBy,
): readonly (Compared<Int8Metric> | null)[] => {
  if (pairs.length === 0) return [];
  switch (metric) {
    case 'latency-int8':
      return compareLatencies(latency, pairs).map((one) => one && named(metric, one));
    case 'top1-int8':
      return compareAccuracies(accuracies(metric), pairs, otherwise).map((one) => one && named(metric, one));
    case 'drop-int8':
      return compareAccuracies(accuracies(metric), pairs, otherwise).map(
        (one) => one && named(metric, turned(one)),
      );
  }
};

const named = (metric: Int8Metric, { comparison, basis }: Compared): Compared<Int8Metric> => ({
  comparison: { ...comparison, metric },
  basis,
});

/** What is lost for what is gained. */
const turned = ({ comparison, basis }: Compared): Compared => ({
  comparison: {
    ...comparison,
    effect: 0 - comparison.effect,
    interval: comparison.interval && turnedInterval(comparison.interval),
  },
  basis: basis && { ...basis, interval: turnedInterval(basis.interval) },
});

const turnedInterval = ([low, high]: Interval): Interval => [0 - high, 0 - low];

/** Null where the suite asks for no int8. */
export const analyseInt8 = (
  run: Run,
  evidence: Int8Evidence,
  groups: readonly (readonly CandidateRecord[])[],
  floatOrder: readonly (readonly Comparison[])[],
): Int8Analysis | null => {
  const setting = run.plan.conditions.int8;
  if (setting === undefined) return null;
  const compared = groups.map((group) => {
    const ofGroup = int8Accuracies(
      evidence,
      group.map(({ name }) => name),
    );
    const known = { 'top1-int8': ofGroup('top1-int8'), 'drop-int8': ofGroup('drop-int8') };
    const pairs = pairsOf(group);
    const on = (metric: Int8Metric, which: readonly Pair[]) =>
      compareInt8(metric, which, evidence, (one) => known[one]).flatMap((one) =>
        one === null ? [] : [one.comparison],
      );
    const ranked = rankable(pairs);
    return {
      summaries: summaries(run, evidence, group, known),
      comparisons: [...on('top1-int8', ranked), ...on('drop-int8', ranked), ...on('latency-int8', pairs)],
      fronts: paretoFronts(group, known['top1-int8'], evidence.latencies),
    };
  });
  return {
    setting,
    candidates: compared.flatMap((group) => group.summaries),
    groups: compared.map(({ comparisons, fronts }) => ({ comparisons, fronts })),
    orderChanges: compared.flatMap(({ comparisons }, i) => reversed(floatOrder[i] ?? [], comparisons)),
    latencyNoiseFloor: evidence.noiseFloor,
    sums: run.latencyMeasurement?.int8Sums,
  };
};

const summaries = (
  run: Run,
  { latencies }: Int8Evidence,
  group: readonly CandidateRecord[],
  { 'top1-int8': top1, 'drop-int8': changes }: Readonly<Record<AccuracyMetric, Accuracies | null>>,
): readonly Int8Summary[] => {
  const inFloat = latenciesOf(run);
  return group.map(({ name: candidate }) => {
    const tested = run.trials.flatMap((trial) =>
      trial.state === 'done' && trial.candidate === candidate ? (trial.result.int8 ?? []) : [],
    );
    const latency = latencies.get(candidate);
    return {
      candidate,
      top1: top1 && estimateTop1(top1, candidate),
      drop: changes && dropOf(changes, candidate),
      latencyMs: latency ? { value: latency.medianMs, interval: latency.interval95Ms } : null,
      speedUp: speedUp(inFloat.get(candidate), latency),
      weightBytes: tested[0]?.weightBytes ?? null,
      floatOperations: tested[0]?.floatOperations ?? [],
    };
  });
};

const dropOf = (changes: Accuracies, candidate: string): Estimate | null => {
  const change = estimateTop1(changes, candidate);
  return change && { value: 0 - change.value, interval: change.interval && turnedInterval(change.interval) };
};

/** Paired by round; null where one of the two was not measured. */
const speedUp = (float: LatencyResult | undefined, int8: LatencyResult | undefined): Estimate | null => {
  if (float === undefined || int8 === undefined || float.rounds !== int8.rounds) return null;
  const { value, interval } = roundsInference(
    logContrast([
      { weight: 1, rounds: float.roundMs },
      { weight: -1, rounds: int8.roundMs },
    ]),
  );
  const [low, high] = interval(ALPHA);
  return { value: Math.exp(value), interval: [Math.exp(low), Math.exp(high)] };
};

const reversed = (
  float: readonly Comparison[],
  int8: readonly Comparison<Int8Metric>[],
): Int8Analysis['orderChanges'] =>
  int8.flatMap(({ metric, candidate, reference, verdict }) => {
    if (metric !== 'top1-int8') return [];
    const before = float.find(
      (one) => one.metric === 'top1' && one.candidate === candidate && one.reference === reference,
    )?.verdict.state;
    const states = [before, verdict.state];
    return states.includes('better') && states.includes('worse') ? [{ candidate, reference }] : [];
  });
