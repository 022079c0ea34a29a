import type { ComparableGroup, Comparison, Interval, Metric, Verdict } from '../harness/analysis/analysis.js';

/** The comparison of two candidates, turned round where the group holds it the other way; null where there is none. */
export const comparisonOf = (
  { comparisons }: ComparableGroup,
  metric: Metric,
  candidate: string,
  reference: string,
): Comparison | null => {
  const find = (a: string, b: string) =>
    comparisons.find((each) => each.metric === metric && each.candidate === a && each.reference === b);
  const backwards = find(reference, candidate);
  return find(candidate, reference) ?? (backwards ? reversed(backwards) : null);
};

/** Every pair once, on one metric. */
export const pairsOf = ({ comparisons }: ComparableGroup, metric: Metric): Comparison[] => {
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
  };
};

const opposite = (verdict: Verdict): Verdict => {
  if (verdict.state === 'better') return { state: 'worse' };
  return verdict.state === 'worse' ? { state: 'better' } : verdict;
};
