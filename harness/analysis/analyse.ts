/**
 * From a run to what may be said about it:
 *
 *   records -> evidence      accuracies of all that were tested on the same images in one model, latencies paired by round
 *           -> groups        only what is comparable is compared: pairs, rankings, factor effects, Pareto fronts
 *           -> claims        answered
 *           -> cautions      what cannot be concluded
 */
import type { CandidateRecord } from '../../results/plan/candidate.js';
import { DEFAULT_THRESHOLDS } from '../../results/plan/thresholds.js';
import type { Run } from '../../results/run/run.js';
import type { Analysis, CandidateSummary, ComparableGroup, Estimate, Otherwise } from './analysis.js';
import { cautionsOf } from './cautions.js';
import { answerClaims, membersOf, readClaims } from './claims.js';
import { comparableGroups, kindOf, notComparable } from './comparable/comparable.js';
import { rankable } from './comparable/equal-costs.js';
import {
  type Compared,
  compareAccuracies,
  compareExact,
  compareLatencies,
  type ExactMetric,
  exactCost,
  isExact,
  type Pair,
  pairsOf,
  rankings,
} from './comparisons.js';
import { analyseDevices, orderChangesOf } from './devices.js';
import { type Accuracies, accuraciesOf, estimateTop1, type Trained, trainedOf } from './evidence/accuracy.js';
import type { Evidence } from './evidence/evidence.js';
import {
  type Latencies,
  latenciesOf,
  latencyAlpha,
  latencyEvidence,
  noiseFloorOf,
} from './evidence/latency.js';
import { accuracyEffects, designOf, latencyEffects } from './factors.js';
import { paretoFronts } from './fronts.js';
import { analyseInt8, compareInt8, int8Accuracies, int8Evidence } from './int8.js';
import { isInt8Metric, METRICS, type Metric } from './metrics.js';

/** Pure: the same run gives the same analysis. Throws UserError where a trial's record does not fit the plan. */
export const analyse = (run: Run): Analysis => {
  const { candidates, claims, thresholds = DEFAULT_THRESHOLDS } = run.plan;
  const latencyNoiseFloor = noiseFloorOf(run);
  const latencies = latenciesOf(run);
  const measured: Measured = {
    trained: trainedOf(run),
    latencies,
    evidence: latencyEvidence(latencies, thresholds.latency, latencyNoiseFloor, latencyAlpha(run)),
  };
  const records = comparableGroups(candidates);
  const devices = analyseDevices(run, records);
  const int8 = int8Evidence(run);
  const groups = records.map((group) => analyseGroup(run, group, measured));
  const found = new Map(groups.flatMap(({ summaries }) => summaries.map((one) => [one.candidate, one])));
  return {
    candidates: candidates.flatMap((candidate) => found.get(candidate) ?? []),
    groups: groups.map(({ comparable }) => comparable),
    notComparable: notComparable(candidates),
    claims: answerClaims(readClaims(claims, candidates), (metric, pairs) =>
      isInt8Metric(metric)
        ? compareInt8(metric, pairs, int8, int8Accuracies(int8, membersOf(pairs, records)))
        : compare(metric, pairs, {
            ...measured,
            accuracies: () => accuraciesOf(measured.trained, membersOf(pairs, records)),
          }),
    ),
    latencyNoiseFloor,
    devices,
    int8: analyseInt8(
      run,
      int8,
      records,
      groups.map(({ comparable }) => comparable.comparisons),
    ),
    orderChanges: orderChangesOf(devices),
    cautions: cautionsOf({ run, thresholds, latencyNoiseFloor, designs: records.map(designOf) }),
  };
};

interface Measured {
  readonly trained: Trained;
  readonly latencies: Latencies;
  readonly evidence: Evidence;
}

/** Pairs on one metric as one family, in their order; null where too little was measured. */
const compare = (
  metric: Metric,
  pairs: readonly Pair[],
  {
    evidence,
    latencies,
    accuracies,
  }: Omit<Measured, 'trained'> & { readonly accuracies: () => Accuracies | null },
): readonly (Compared | null)[] => {
  if (isExact(metric)) return compareExact(metric, pairs);
  if (metric === 'latency') return compareLatencies(evidence, pairs);
  return pairs.length === 0
    ? []
    : compareAccuracies(accuracies(), pairs, (pair) => otherwiseOf(pair, latencies));
};

const otherwiseOf = ([candidate, reference]: Pair, latencies: Latencies): Otherwise => {
  const [one, other] = [candidate, reference].map(({ name }) => latencies.get(name)?.medianMs);
  return {
    macsRatio: candidate.costs.deploy.macs / reference.costs.deploy.macs,
    latencyRatio: one === undefined || other === undefined ? null : one / other,
  };
};

const summarise = (
  { trials }: Run,
  candidate: CandidateRecord,
  accuracies: Accuracies | null,
  { latencies }: Measured,
): CandidateSummary => {
  const states = trials.flatMap((trial) => (trial.candidate === candidate.name ? [trial.state] : []));
  const count = (state: string): number => states.filter((one) => one === state).length;
  const latency = latencies.get(candidate.name);
  return {
    candidate,
    seeds: { done: count('done'), failed: count('failed'), pending: count('pending') },
    top1: accuracies && estimateTop1(accuracies, candidate.name),
    latencyMs: latency ? { value: latency.medianMs, interval: latency.interval95Ms } : null,
  };
};

interface AnalysedGroup {
  readonly comparable: ComparableGroup;
  readonly summaries: readonly CandidateSummary[];
}

const analyseGroup = (run: Run, group: readonly CandidateRecord[], measured: Measured): AnalysedGroup => {
  const { trained, latencies, evidence } = measured;
  const accuracies = accuraciesOf(
    trained,
    group.map(({ name }) => name),
  );
  const summaries = group.map((candidate) => summarise(run, candidate, accuracies, measured));
  const pairs = pairsOf(group);
  const ranked = rankable(pairs);
  const comparisons = METRICS.flatMap((metric) =>
    compare(metric, metric === 'top1' ? ranked : pairs, {
      ...measured,
      accuracies: () => accuracies,
    }).flatMap((one) => (one === null ? [] : [one.comparison])),
  );
  const state = designOf(group);
  const effects =
    state.state === 'full'
      ? [
          ...(accuracies === null || ranked.length < pairs.length
            ? []
            : accuracyEffects(accuracies, group, state.design)),
          ...latencyEffects(evidence, group, state.design),
        ]
      : [];
  return {
    summaries,
    comparable: {
      group: kindOf(group),
      candidates: group.map(({ name }) => name),
      comparisons,
      rankings: rankings(comparisons, valuesOf(group, summaries)),
      effects,
      fronts: paretoFronts(group, accuracies, latencies),
    },
  };
};

const valuesOf = (
  group: readonly CandidateRecord[],
  summaries: readonly CandidateSummary[],
): Readonly<Record<Metric, ReadonlyMap<string, number>>> => {
  const measured = (of: (summary: CandidateSummary) => Estimate | null) =>
    new Map(
      summaries.flatMap((summary) => {
        const estimate = of(summary);
        return estimate ? [[summary.candidate.name, estimate.value] as const] : [];
      }),
    );
  const exact = (metric: ExactMetric) =>
    new Map(
      group.flatMap((candidate) => {
        const cost = exactCost(candidate, metric);
        return cost === null ? [] : [[candidate.name, cost] as const];
      }),
    );
  return {
    top1: measured(({ top1 }) => top1),
    latency: measured(({ latencyMs }) => latencyMs),
    params: exact('params'),
    macs: exact('macs'),
    flops: exact('flops'),
    'peak-memory': exact('peak-memory'),
  };
};
