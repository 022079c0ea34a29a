import type {
  ComparableGroup,
  Comparison,
  Interval,
  Otherwise,
  Verdict,
} from '../../harness/analysis/analysis.js';
import type { Metric } from '../../harness/analysis/metrics.js';

/** The comparison of two candidates, turned round where the group holds it the other way; null where there is none. */
export const comparisonOf = (
  group: Compared,
  metric: Metric,
  candidate: string,
  reference: string,
): Comparison | null => {
  const index = indexOf(group)[metric];
  const find = (a: string, b: string) => index?.get(a)?.get(b);
  const backwards = find(reference, candidate);
  return find(candidate, reference) ?? (backwards ? reversed(backwards) : null);
};

type Compared = Pick<ComparableGroup, 'comparisons'>;

/** By metric, candidate and reference. */
type Index = Partial<Record<Metric, Map<string, Map<string, Comparison>>>>;

const indexes = new WeakMap<Compared, Index>();

/** Made once for a group: its pairs are many. */
const indexOf = (group: Compared): Index => {
  const known = indexes.get(group);
  if (known !== undefined) return known;
  const index: Index = {};
  for (const one of group.comparisons) {
    const ofMetric = index[one.metric] ?? new Map<string, Map<string, Comparison>>();
    index[one.metric] = ofMetric;
    const ofCandidate = ofMetric.get(one.candidate);
    if (ofCandidate === undefined) ofMetric.set(one.candidate, new Map([[one.reference, one]]));
    else ofCandidate.set(one.reference, one);
  }
  indexes.set(group, index);
  return index;
};

/** Every pair once, on one metric. */
export const pairsOf = ({ comparisons }: Compared, metric: Metric): Comparison[] => {
  const seen = new Set<string>();
  return comparisons.filter((comparison) => {
    if (comparison.metric !== metric) return false;
    const pair = JSON.stringify([comparison.candidate, comparison.reference].toSorted());
    return !seen.has(pair) && seen.add(pair);
  });
};

const reversed = (comparison: Comparison): Comparison => {
  const turn = (effect: number) => (comparison.metric === 'top1' ? 0 - effect : 1 / (1 + effect) - 1);
  const turnInterval = ([low, high]: Interval): Interval => [turn(high), turn(low)];
  return {
    ...comparison,
    candidate: comparison.reference,
    reference: comparison.candidate,
    effect: turn(comparison.effect),
    interval: comparison.interval && turnInterval(comparison.interval),
    verdict: opposite(comparison.verdict),
    ...(comparison.otherwise === undefined ? {} : { otherwise: inverse(comparison.otherwise) }),
  };
};

const inverse = ({ macsRatio, latencyRatio }: Otherwise): Otherwise => ({
  macsRatio: 1 / macsRatio,
  latencyRatio: latencyRatio === null ? null : 1 / latencyRatio,
});

const opposite = (verdict: Verdict): Verdict => {
  if (verdict.state === 'better') return { state: 'worse' };
  return verdict.state === 'worse' ? { state: 'better' } : verdict;
};
