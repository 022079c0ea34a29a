/** Every pair of a group on every metric, and the rankings that follow. */
import type { CandidateRecord } from '../../results/record.js';
import { ranks, transitiveClosure } from '../stats/ranking.js';
import { type Limits, NO_DIFFERENCE, verdictOf } from '../stats/verdict.js';
import type { Comparison, Interval, MeasuredMetric, Metric, Place } from './analysis.js';
import { difference, type Evidence, judge, showEffect } from './evidence.js';

export type ExactMetric = Exclude<Metric, MeasuredMetric>;

/** A candidate and what it is held against. */
export type Pair = readonly [candidate: CandidateRecord, reference: CandidateRecord];

/** Every two of a group once, the later in the plan against the earlier. */
export const pairsOf = (group: readonly CandidateRecord[]): readonly Pair[] =>
  group.flatMap((reference, i) => group.slice(i + 1).map((candidate): Pair => [candidate, reference]));

/** A comparison as it is shown, and what it is read from; null where that decides nothing: too little varies that should. */
export interface Compared {
  readonly pair: Pair;
  readonly comparison: Comparison;
  readonly basis: { readonly interval: Interval; readonly limits: Limits } | null;
}

/**
 * Judges pairs on a measured metric, as one family. Pairs of the very same network are ties without a test; those of which too
 * little was measured are left out.
 */
export const compareMeasured = (evidence: Evidence, pairs: readonly Pair[]): readonly Compared[] => {
  const { metric, shown, limits } = evidence;
  const known = pairs.flatMap((pair) => {
    const inference = evidence.contrast(difference(pair[0].name, pair[1].name));
    return inference === null ? [] : [{ pair, inference }];
  });
  const tested = known.filter(({ pair }) => !isSameNetwork(pair));
  const judged = judge(
    evidence,
    tested.map(({ inference }) => inference),
  );
  const judgements = new Map(judged.map((judgement) => [judgement.difference.inference, judgement]));
  return known.map(({ pair, inference }): Compared => {
    const judgement = judgements.get(inference);
    if (!judgement) {
      const tie = {
        effect: 0,
        interval: null,
        threshold: shown(limits.within),
        verdict: { state: 'tie' },
      } as const;
      return {
        pair,
        comparison: { metric, ...namesOf(pair), ...tie },
        basis: { interval: [0, 0], limits },
      };
    }
    return {
      pair,
      comparison: { metric, ...namesOf(pair), ...showEffect(evidence, judgement) },
      basis: inference.predict === null ? null : { interval: judgement.interval, limits },
    };
  });
};

/** Costs are exact: any difference counts. */
export const compareExact = (metric: ExactMetric, pairs: readonly Pair[]): readonly Compared[] =>
  pairs.map((pair) => {
    const [candidate, reference] = pair;
    const effect = candidate.costs.deploy[metric] / reference.costs.deploy[metric] - 1;
    const state = verdictOf([effect, effect], NO_DIFFERENCE, 'lower-is-better');
    const verdict = state === 'undecided' ? { state, needed: null } : { state };
    return {
      pair,
      comparison: { metric, ...namesOf(pair), effect, interval: null, threshold: 0, verdict },
      basis: { interval: [effect, effect], limits: NO_DIFFERENCE },
    };
  });

export const isExact = (metric: Metric): metric is ExactMetric => metric !== 'top1' && metric !== 'latency';

/** One network under two names. */
export const isSameNetwork = ([one, other]: Pair): boolean => one.fingerprint === other.fingerprint;

/** The places of a group by its comparisons; `values` are what breaks the order of equal ranks, best first. */
export const rankings = (
  comparisons: readonly Comparison[],
  values: Readonly<Record<Metric, ReadonlyMap<string, number>>>,
): Readonly<Record<Metric, readonly Place[]>> => {
  const rank = (metric: Metric): readonly Place[] =>
    placesOf(
      comparisons.filter((comparison) => comparison.metric === metric),
      values[metric],
      metric,
    );
  return {
    top1: rank('top1'),
    latency: rank('latency'),
    params: rank('params'),
    macs: rank('macs'),
    flops: rank('flops'),
  };
};

const placesOf = (
  comparisons: readonly Comparison[],
  values: ReadonlyMap<string, number>,
  metric: Metric,
): readonly Place[] => {
  const better = new Set(
    comparisons.flatMap(({ candidate, reference, verdict: { state } }) => {
      if (state === 'better') return [pairKey(candidate, reference)];
      return state === 'worse' ? [pairKey(reference, candidate)] : [];
    }),
  );
  const names = [...values.keys()];
  const isBetter = transitiveClosure(names, (one, other) => better.has(pairKey(one, other)));
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

const pairKey = (one: string, other: string): string => JSON.stringify([one, other]);

const namesOf = ([candidate, reference]: Pair) => ({ candidate: candidate.name, reference: reference.name });
