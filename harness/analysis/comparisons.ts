/** Every pair of a group on every metric, and the rankings that follow. */
import type { CandidateRecord } from '../../results/plan/candidate.js';
import { countedCost } from '../../results/plan/counted-cost.js';
import { ranks, transitiveClosure } from '../stats/ranking.js';
import { type Limits, NO_DIFFERENCE, verdictOf } from '../stats/verdict.js';
import type { Comparison, Interval, Otherwise, Place } from './analysis.js';
import { type Accuracies, judgeAccuracies, placed } from './evidence/accuracy.js';
import { difference, type Evidence, judge, showEffect } from './evidence/evidence.js';
import { byMetric, type Int8Metric, type MeasuredMetric, type Metric } from './metrics.js';

export type ExactMetric = Exclude<Metric, MeasuredMetric>;

/** A candidate and what it is held against. */
export type Pair = readonly [candidate: CandidateRecord, reference: CandidateRecord];

/** Every two of a group once, the later in the plan against the earlier. */
export const pairsOf = (group: readonly CandidateRecord[]): readonly Pair[] =>
  group.flatMap((reference, i) => group.slice(i + 1).map((candidate): Pair => [candidate, reference]));

/** A comparison as it is shown, and what it is read from; null where that decides nothing: too little varies that should. */
export interface Compared<M extends Metric | Int8Metric = Metric> {
  readonly comparison: Comparison<M>;
  readonly basis: { readonly interval: Interval; readonly limits: Limits } | null;
}

/**
 * Judges latencies of pairs as one family, in the order of the pairs. Those of the very same network are ties without a test; null where
 * too little was measured.
 */
export const compareLatencies = (
  evidence: Evidence,
  pairs: readonly Pair[],
): readonly (Compared | null)[] => {
  const { metric, shown, limits } = evidence;
  const inferences = pairs.map(([candidate, reference]) =>
    evidence.contrast(difference(candidate.name, reference.name)),
  );
  const judgements = judge(
    evidence,
    inferences.flatMap((inference, i) => (inference === null || isSameAt(pairs, i) ? [] : [inference])),
  ).values();
  return pairs.map((pair, i): Compared | null => {
    const inference = inferences[i] ?? null;
    if (inference === null) return null;
    if (isSameNetwork(pair)) return sameNetwork(metric, pair, shown(limits.within), limits);
    const { value: judgement } = judgements.next();
    if (judgement === undefined) return null;
    return {
      comparison: { metric, ...namesOf(pair), ...showEffect(evidence, judgement) },
      basis: inference.predict === null ? null : { interval: judgement.interval, limits },
    };
  });
};

/** The same of accuracies, with what else differs. */
export const compareAccuracies = (
  accuracies: Accuracies | null,
  pairs: readonly Pair[],
  otherwise: (pair: Pair) => Otherwise,
): readonly (Compared | null)[] => {
  if (accuracies === null) return pairs.map(() => null);
  const { threshold } = accuracies;
  const limits = { within: threshold, beyond: threshold };
  const contrasts = pairs.map(([candidate, reference]) =>
    placed(accuracies, difference(candidate.name, reference.name)),
  );
  const judged = judgeAccuracies(
    accuracies,
    contrasts.flatMap((contrast, i) => (contrast === null || isSameAt(pairs, i) ? [] : [contrast])),
  ).values();
  return pairs.map((pair, i): Compared | null => {
    if ((contrasts[i] ?? null) === null) return null;
    if (isSameNetwork(pair)) {
      const { comparison, basis } = sameNetwork('top1', pair, threshold, limits);
      return { comparison: { ...comparison, otherwise: otherwise(pair) }, basis };
    }
    const { value: one } = judged.next();
    if (one === undefined) return null;
    const { isDecidable, ...shown } = one;
    return {
      comparison: { metric: 'top1', ...namesOf(pair), ...shown, otherwise: otherwise(pair) },
      basis: isDecidable ? { interval: one.interval, limits } : null,
    };
  });
};

const sameNetwork = (metric: Metric, pair: Pair, threshold: number, limits: Limits): Compared => ({
  comparison: {
    metric,
    ...namesOf(pair),
    effect: 0,
    interval: null,
    threshold,
    verdict: { state: 'tie' },
  },
  basis: { interval: [0, 0], limits },
});

/** Costs are exact: any difference counts. Null for plans of versions that did not count one. */
export const compareExact = (metric: ExactMetric, pairs: readonly Pair[]): readonly (Compared | null)[] =>
  pairs.map((pair) => {
    const [cost, other] = pair.map((candidate) => exactCost(candidate, metric));
    if (cost == null || other == null) return null;
    const effect = cost / other - 1;
    const state = verdictOf([effect, effect], NO_DIFFERENCE, 'lower-is-better');
    const verdict = state === 'undecided' ? { state, needed: null } : { state };
    return {
      comparison: { metric, ...namesOf(pair), effect, interval: null, threshold: 0, verdict },
      basis: { interval: [effect, effect], limits: NO_DIFFERENCE },
    };
  });

/** Of the deploy form; of peak memory, bytes in int8. */
export const exactCost = ({ costs: { deploy } }: CandidateRecord, metric: ExactMetric): number | null =>
  metric === 'flops' ? deploy.flops : countedCost(deploy, metric);

export const isExact = (metric: Metric): metric is ExactMetric => metric !== 'top1' && metric !== 'latency';

/** One network under two names. */
export const isSameNetwork = ([one, other]: Pair): boolean => one.fingerprint === other.fingerprint;

const isSameAt = (pairs: readonly Pair[], i: number): boolean => {
  const pair = pairs[i];
  return pair !== undefined && isSameNetwork(pair);
};

/** The places of a group by its comparisons; `values` are what breaks the order of equal ranks, best first. What is compared with nothing has none. */
export const rankings = (
  comparisons: readonly Comparison[],
  values: Readonly<Record<Metric, ReadonlyMap<string, number>>>,
): Readonly<Record<Metric, readonly Place[]>> =>
  byMetric((metric) =>
    placesOf(
      comparisons.filter((comparison) => comparison.metric === metric),
      values[metric],
      metric,
    ),
  );

const placesOf = (
  comparisons: readonly Comparison[],
  values: ReadonlyMap<string, number>,
  metric: Metric,
): readonly Place[] => {
  const compared = new Set(comparisons.flatMap(({ candidate, reference }) => [candidate, reference]));
  const names = [...values.keys()].filter((name) => values.size === 1 || compared.has(name));
  const beaten = new Map(names.map((name) => [name, new Set<string>()]));
  for (const { candidate, reference, verdict } of comparisons) {
    if (verdict.state === 'better') beaten.get(candidate)?.add(reference);
    if (verdict.state === 'worse') beaten.get(reference)?.add(candidate);
  }
  const isBetter = transitiveClosure(names, (one, other) => beaten.get(one)?.has(other) ?? false);
  const goodness = (name: string): number => (values.get(name) ?? 0) * (metric === 'top1' ? 1 : -1);
  return ranks(names, isBetter)
    .map((rank, i) => ({ rank, candidate: names[i] ?? '' }))
    .map(({ rank, candidate }) => ({
      candidate,
      rank,
      notSeparatedFrom: names.filter(
        (other) => other !== candidate && !isBetter(candidate, other) && !isBetter(other, candidate),
      ),
    }))
    .sort((a, b) => a.rank - b.rank || goodness(b.candidate) - goodness(a.candidate));
};

const namesOf = ([candidate, reference]: Pair) => ({ candidate: candidate.name, reference: reference.name });
