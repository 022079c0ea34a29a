/**
 * From a run to what may be said about it:
 *
 *   records -> evidence      accuracies paired by seed and image, latencies paired by round
 *           -> groups        only what is comparable is compared: pairs, rankings, factor effects, Pareto fronts
 *           -> claims        answered
 *           -> cautions      what cannot be concluded
 */
import type { CandidateRecord, Run } from '../../results/record.js';
import { DEFAULT_THRESHOLDS } from '../../results/thresholds.js';
import { ALPHA } from '../stats/inference.js';
import { accuracyEvidence, type Correctness, correctnessOf } from './accuracy.js';
import type { Analysis, CandidateSummary, ComparableGroup, Estimate, Metric } from './analysis.js';
import { cautionsOf } from './cautions.js';
import { answerClaims } from './claims.js';
import { comparableGroups, notComparable } from './comparable.js';
import { compareExact, compareMeasured, type ExactMetric, pairsOf, rankings } from './comparisons.js';
import type { Evidence } from './evidence.js';
import { designOf, factorEffects } from './factors.js';
import { paretoFronts } from './fronts.js';
import { type Latencies, latenciesOf, latencyAlpha, latencyEvidence, noiseFloorOf } from './latency.js';

/** Pure: the same run gives the same analysis. Throws UserError where a trial's record does not fit the plan. */
export const analyse = (run: Run): Analysis => {
  const { candidates, claims, untilDecided, thresholds = DEFAULT_THRESHOLDS } = run.plan;
  const latencyNoiseFloor = noiseFloorOf(run);
  const measured: Measured = { correct: correctnessOf(run), latencies: latenciesOf(run) };
  const evidences = [
    accuracyEvidence(measured.correct, thresholds.top1, untilDecided ? ALPHA / LOOKS : ALPHA),
    latencyEvidence(measured.latencies, thresholds.latency, latencyNoiseFloor, latencyAlpha(run)),
  ];
  const summaries = candidates.map((candidate) => summarise(run, candidate, measured, evidences));
  const groups = comparableGroups(candidates);
  return {
    candidates: summaries,
    groups: groups.map((group) => analyseGroup(group, summaries, measured, evidences)),
    notComparable: notComparable(candidates),
    claims: answerClaims(claims, candidates, evidences),
    latencyNoiseFloor,
    cautions: cautionsOf({ run, thresholds, latencyNoiseFloor, designs: groups.map(designOf) }),
  };
};

/** Where seeds are added after a look, there is a second; each has its share of the level. */
const LOOKS = 2;

interface Measured {
  readonly correct: Correctness;
  readonly latencies: Latencies;
}

const summarise = (
  { trials }: Run,
  candidate: CandidateRecord,
  { latencies }: Measured,
  evidences: readonly Evidence[],
): CandidateSummary => {
  const count = (state: string): number =>
    trials.filter((trial) => trial.candidate === candidate.name && trial.state === state).length;
  const latency = latencies.get(candidate.name);
  return {
    candidate,
    seeds: { done: count('done'), failed: count('failed'), pending: count('pending') },
    top1: estimateTop1(candidate.name, evidences),
    latencyMs: latency ? { value: latency.medianMs, interval: latency.interval95Ms } : null,
  };
};

const estimateTop1 = (name: string, evidences: readonly Evidence[]): Estimate | null => {
  const inference = evidences.find(({ metric }) => metric === 'top1')?.contrast(new Map([[name, 1]]));
  if (!inference) return null;
  const [low, high] = inference.interval(ALPHA);
  return { value: inference.value, interval: [Math.max(low, 0), Math.min(high, 1)] };
};

const EXACT: readonly ExactMetric[] = ['params', 'macs', 'flops'];

const analyseGroup = (
  group: readonly CandidateRecord[],
  summaries: readonly CandidateSummary[],
  { correct, latencies }: Measured,
  evidences: readonly Evidence[],
): ComparableGroup => {
  const pairs = pairsOf(group);
  const comparisons = [
    ...evidences.flatMap((evidence) => compareMeasured(evidence, pairs)),
    ...EXACT.flatMap((metric) => compareExact(metric, pairs)),
  ].map(({ comparison }) => comparison);
  const design = designOf(group);
  return {
    group: group[0]?.group ?? 'lightnet',
    candidates: group.map(({ name }) => name),
    comparisons,
    rankings: rankings(comparisons, valuesOf(group, summaries)),
    effects:
      design.state === 'full'
        ? evidences.flatMap((evidence) => factorEffects(evidence, group, design.design))
        : [],
    fronts: paretoFronts(group, correct, latencies),
  };
};

const valuesOf = (
  group: readonly CandidateRecord[],
  summaries: readonly CandidateSummary[],
): Readonly<Record<Metric, ReadonlyMap<string, number>>> => {
  const measured = (of: (summary: CandidateSummary) => Estimate | null) =>
    new Map(
      summaries
        .filter(({ candidate }) => group.includes(candidate))
        .flatMap((summary) => {
          const estimate = of(summary);
          return estimate ? [[summary.candidate.name, estimate.value] as const] : [];
        }),
    );
  const exact = (metric: ExactMetric) =>
    new Map(group.map(({ name, costs }) => [name, costs.deploy[metric]]));
  return {
    top1: measured(({ top1 }) => top1),
    latency: measured(({ latencyMs }) => latencyMs),
    params: exact('params'),
    macs: exact('macs'),
    flops: exact('flops'),
  };
};
