import type {
  ComparableGroup,
  Comparison,
  Interval,
  Metric,
  Otherwise,
  Verdict,
} from '../harness/analysis/analysis.js';

/** The comparison of two candidates, turned round where the group holds it the other way; null where there is none. */
export const comparisonOf = (
  group: Compared,
  metric: Metric,
  candidate: string,
  reference: string,
): Comparison | null => {
  const index = indexOf(group);
  const find = (a: string, b: string) => index.get(keyOf(metric, a, b));
  const backwards = find(reference, candidate);
  return find(candidate, reference) ?? (backwards ? reversed(backwards) : null);
};

type Compared = Pick<ComparableGroup, 'comparisons'>;

const indexes = new WeakMap<Compared, ReadonlyMap<string, Comparison>>();

/** Made once for a group: its pairs are many. */
const indexOf = (group: Compared): ReadonlyMap<string, Comparison> => {
  const known = indexes.get(group);
  if (known !== undefined) return known;
  const index = new Map(
    group.comparisons.map((one) => [keyOf(one.metric, one.candidate, one.reference), one]),
  );
  indexes.set(group, index);
  return index;
};

const keyOf = (metric: Metric, candidate: string, reference: string): string =>
  JSON.stringify([metric, candidate, reference]);

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
  const turn = (effect: number) => (comparison.metric === 'top1' ? -effect : 1 / (1 + effect) - 1);
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
