/** Statements of a suite, read and answered. */
import type { CandidateRecord } from '../../results/plan/candidate.js';
import { RELATIONS, type Relation, relationState } from '../stats/verdict.js';
import { UserError } from '../user/user-error.js';
import type { ClaimAnswer } from './analysis.js';
import { comparableGroups, groupedIn } from './comparable/comparable.js';
import { unequalCosts } from './comparable/equal-costs.js';
import type { Compared, Pair } from './comparisons.js';
import { INT8_METRICS, type Int8Metric, METRICS, type Metric } from './metrics.js';

export interface Claim {
  readonly text: string;
  readonly metric: Metric | Int8Metric;
  readonly left: string;
  readonly relation: Relation;
  readonly right: string;
}

/** Metrics as claims name them. */
const CLAIM_METRICS: ReadonlyMap<string, Metric | Int8Metric> = new Map<string, Metric | Int8Metric>([
  ['accuracy', 'top1'],
  ['latency', 'latency'],
  ['params', 'params'],
  ['macs', 'macs'],
  ['flops', 'flops'],
  ['peakMemory', 'peak-memory'],
  ['accuracy.int8', 'top1-int8'],
  ['drop.int8', 'drop-int8'],
  ['latency.int8', 'latency-int8'],
]);

const EXAMPLE =
  'Write for example: accuracy(repso) > accuracy(depthwise). Metrics are accuracy, latency, params, macs, flops and peakMemory, and of suites with int8 accuracy.int8, drop.int8 and latency.int8; relations are >, <, >=, <= and =.';

/**
 * Reads `metric(candidate) relation metric(candidate)`. Throws UserError where it is none, the two metrics differ, or a candidate is
 * not among `names` or stands on both sides.
 */
export const parseClaim = (text: string, names: readonly string[]): Claim => {
  const parts = /^\s*([\w.]+)\((.+)\)\s*(>=|<=|>|<|=)\s*([\w.]+)\((.+)\)\s*$/.exec(text);
  const wrong = (why: string, remedy = EXAMPLE) => new UserError(`The claim "${text}" ${why}.`, remedy);
  if (!parts) throw wrong('cannot be read');
  const [, leftMetric = '', left = '', sign = '', rightMetric = '', right = ''] = parts;
  const metric = CLAIM_METRICS.get(leftMetric);
  const relation = RELATIONS.find((known) => known === sign);
  if (metric === undefined || relation === undefined) throw wrong(`names the unknown metric ${leftMetric}`);
  if (leftMetric !== rightMetric) throw wrong(`compares ${leftMetric} with ${rightMetric}`);
  if (left === right) throw wrong('compares a candidate with itself');
  for (const name of [left, right]) {
    if (!names.includes(name))
      throw wrong(`names ${name}, which is no candidate`, `The candidates are ${names.join(', ')}.`);
  }
  return { text, metric, left, relation, right };
};

type AnyCompared = Compared<Metric | Int8Metric>;

type Unanswered = Extract<ClaimAnswer, { state: 'not-answerable' | 'not-comparable' }>;

export type ReadClaim = { readonly state: 'read'; readonly claim: Claim; readonly pair: Pair } | Unanswered;

/** What the statements of a suite hold against each other, in their order. */
export const readClaims = (
  texts: readonly string[],
  candidates: readonly CandidateRecord[],
): readonly ReadClaim[] => {
  const areGrouped = groupedIn(comparableGroups(candidates));
  return texts.map((text) => readClaim(text, candidates, areGrouped));
};

const readClaim = (
  text: string,
  candidates: readonly CandidateRecord[],
  areGrouped: ReturnType<typeof groupedIn>,
): ReadClaim => {
  try {
    const claim = parseClaim(
      text,
      candidates.map(({ name }) => name),
    );
    const [left, right] = [claim.left, claim.right].map((side) =>
      candidates.find(({ name }) => name === side),
    );
    if (!left || !right) throw new RangeError(`A candidate of "${text}" is lost.`);
    const costs = isOfEquals(claim.metric, areGrouped(left, right)) ? unequalCosts(left, right) : [];
    if (costs.length > 0)
      return { state: 'not-comparable', claim: text, reason: { kind: 'unequal-costs', costs } };
    return { state: 'read', claim, pair: [left, right] };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { state: 'not-answerable', claim: text, reason: error.message };
  }
};

/** Whole networks may be told apart by latency whatever they cost: that is what their costs do. */
const isOfEquals = (metric: Metric | Int8Metric, isInOneGroup: boolean): boolean =>
  ['top1', 'top1-int8', 'drop-int8'].includes(metric) ||
  (['latency', 'latency-int8'].includes(metric) && !isInOneGroup);

/** The pairs of the claims on a metric, in their order. */
export const claimedPairs = (claims: readonly ReadClaim[], metric: Metric | Int8Metric): readonly Pair[] =>
  claims.flatMap((one) => (one.state === 'read' && one.claim.metric === metric ? [one.pair] : []));

/** The candidates of all groups that have one in these pairs: they lend each other what is known of seeds. */
export const membersOf = (
  pairs: readonly Pair[],
  groups: readonly (readonly CandidateRecord[])[],
): readonly string[] => {
  const claimed = new Set(pairs.flat());
  return groups
    .filter((group) => group.some((candidate) => claimed.has(candidate)))
    .flatMap((group) => group.map(({ name }) => name));
};

/** Answers claims in their order; those on one measured metric are one family, which `compare` judges. */
export const answerClaims = (
  claims: readonly ReadClaim[],
  compare: (metric: Metric | Int8Metric, pairs: readonly Pair[]) => readonly (AnyCompared | null)[],
): readonly ClaimAnswer[] => {
  const compared = new Map(
    [...METRICS, ...INT8_METRICS].map((metric) => [
      metric,
      compare(metric, claimedPairs(claims, metric)).values(),
    ]),
  );
  return claims.map((one) =>
    one.state === 'read' ? answer(one.claim, compared.get(one.claim.metric)?.next().value ?? null) : one,
  );
};

const answer = ({ text, relation }: Claim, compared: AnyCompared | null): ClaimAnswer => {
  if (!compared) {
    return {
      state: 'not-answerable',
      claim: text,
      reason: 'The two were not measured under the same conditions, or not at all.',
    };
  }
  const { basis, comparison } = compared;
  const state = basis === null ? 'undecided' : relationState(relation, basis.interval, basis.limits);
  return { state, claim: text, comparison };
};
