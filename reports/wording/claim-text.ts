/** What the pairs of a run add to the answer to a statement, in words. */
import type { Analysis, ClaimAnswer, Comparison } from '../../harness/analysis/analysis.js';
import type { Int8Metric, Metric } from '../../harness/analysis/metrics.js';
import { fixed, significantDigits } from '../text/numbers.js';
import { listed, plural } from '../text/words.js';
import { comparisonOf } from '../view/comparisons.js';
import { effectDigits } from './effect-text.js';
import { ratioText } from './otherwise.js';

type Compared = Comparison<Metric | Int8Metric>;

/** Costs that are exact are always decided; by less than this, candidates that are matched on a budget differ. */
const WORTH_NAMING = 0.03;

/**
 * What else differs where a statement is about accuracy: a ratio where it is more than a quarter, and a percentage where it is less but
 * decided, for example `1.8 times the multiply-adds and 8.5 % more latency`.
 */
export const besideText = ({ groups }: Pick<Analysis, 'groups'>, comparison: Compared): string => {
  const { otherwise, candidate, reference } = comparison;
  if (otherwise === undefined) return '';
  const decided = (metric: Metric, more: string, less: string) =>
    groups.flatMap((group) => moreText(comparisonOf(group, metric, candidate, reference), more, less));
  const macs = ratioText(otherwise.macsRatio, 'multiply-adds');
  const latency = ratioText(otherwise.latencyRatio ?? 1, 'latency');
  return listed([
    ...(macs.length > 0 ? macs : decided('macs', 'more multiply-adds', 'fewer multiply-adds')),
    ...(latency.length > 0 ? latency : decided('latency', 'more latency', 'less latency')),
  ]);
};

const moreText = (pair: Comparison | null, more: string, less: string): readonly string[] => {
  if (pair === null || !isDifferent(pair)) return [];
  const { effect, interval } = pair;
  if (interval === null && Math.abs(effect) < WORTH_NAMING) return [];
  const percent = 100 * Math.abs(effect);
  const digits =
    interval === null
      ? significantDigits([percent], 2)
      : effectDigits([100 * interval[0], 100 * interval[1]]);
  return [`${fixed(percent, digits)} % ${effect > 0 ? more : less}`];
};

const isDifferent = ({ verdict }: Comparison): boolean =>
  verdict.state === 'better' || verdict.state === 'worse';

/**
 * Where a difference is decided among the statements and undecided among the pairs, which are more: for example `; corrected for all 15
 * pairs, not only the statements, it is undecided`. Empty everywhere else.
 */
export const amongPairsText = (analysis: Pick<Analysis, 'groups' | 'int8'>, claim: ClaimAnswer): string => {
  if (claim.state !== 'supported' && claim.state !== 'contradicted') return '';
  const { metric, candidate, reference, verdict } = claim.comparison;
  if (verdict.state === 'undecided') return '';
  const sides = new Set([candidate, reference]);
  const isOpen = (pair: Compared) =>
    sides.has(pair.candidate) && sides.has(pair.reference) && pair.verdict.state === 'undecided';
  const groups: readonly { readonly comparisons: readonly Compared[] }[] = [
    ...analysis.groups,
    ...(analysis.int8?.groups ?? []),
  ];
  const family = groups
    .map(({ comparisons }) => comparisons.filter((pair) => pair.metric === metric))
    .find((pairs) => pairs.some(isOpen));
  return family === undefined
    ? ''
    : `; corrected for all ${plural(family.length, 'pair')}, not only the statements, it is undecided`;
};
