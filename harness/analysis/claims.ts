/** Statements of a suite, read and answered. */
import type { CandidateRecord } from '../../results/record.js';
import { RELATIONS, type Relation, relationState } from '../stats/verdict.js';
import { UserError } from '../user-error.js';
import { type ClaimAnswer, METRICS, type Metric } from './analysis.js';
import { candidateDifferences } from './comparable.js';
import { type Compared, compareExact, compareMeasured, isExact, type Pair } from './comparisons.js';
import type { Evidence } from './evidence.js';

export interface Claim {
  readonly text: string;
  readonly metric: Metric;
  readonly left: string;
  readonly relation: Relation;
  readonly right: string;
}

/** Metrics as claims name them. */
const CLAIM_METRICS: ReadonlyMap<string, Metric> = new Map([
  ['accuracy', 'top1'],
  ['latency', 'latency'],
  ['params', 'params'],
  ['macs', 'macs'],
  ['flops', 'flops'],
]);

const EXAMPLE =
  'Write for example: accuracy(repso) > accuracy(depthwise). Metrics are accuracy, latency, params, macs and flops; relations are >, <, >=, <= and =.';

/**
 * Reads `metric(candidate) relation metric(candidate)`. Throws UserError where it is none, the two metrics differ, or a candidate is
 * not among `names` or stands on both sides.
 */
export const parseClaim = (text: string, names: readonly string[]): Claim => {
  const parts = /^\s*(\w+)\((.+)\)\s*(>=|<=|>|<|=)\s*(\w+)\((.+)\)\s*$/.exec(text);
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

/**
 * Answers every claim; those on one measured metric are one family. A claim that cannot be read, or compares what is not comparable,
 * is told so.
 */
export const answerClaims = (
  texts: readonly string[],
  candidates: readonly CandidateRecord[],
  evidences: readonly Evidence[],
): readonly ClaimAnswer[] => {
  const read = texts.map((text) => readClaim(text, candidates));
  const compared = new Map(
    METRICS.flatMap((metric) => {
      const pairs = read.flatMap((one) =>
        one.state === 'read' && one.claim.metric === metric ? [one.pair] : [],
      );
      if (isExact(metric)) return compareExact(metric, pairs);
      return evidences.filter((one) => one.metric === metric).flatMap((one) => compareMeasured(one, pairs));
    }).map((one) => [one.pair, one]),
  );
  return read.map((one) => (one.state === 'read' ? answer(one.claim, compared.get(one.pair)) : one));
};

const answer = ({ text, relation }: Claim, compared: Compared | undefined): ClaimAnswer => {
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

type ReadClaim =
  | { readonly state: 'read'; readonly claim: Claim; readonly pair: Pair }
  | Extract<ClaimAnswer, { state: 'not-answerable' }>;

const readClaim = (text: string, candidates: readonly CandidateRecord[]): ReadClaim => {
  try {
    const claim = parseClaim(
      text,
      candidates.map(({ name }) => name),
    );
    const [left, right] = [claim.left, claim.right].map((side) =>
      candidates.find(({ name }) => name === side),
    );
    if (!left || !right) throw new RangeError(`A candidate of "${text}" is lost.`);
    const obstacle = isExact(claim.metric) ? null : obstacleTo(left, right);
    if (obstacle !== null) return { state: 'not-answerable', claim: text, reason: obstacle };
    return { state: 'read', claim, pair: [left, right] };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { state: 'not-answerable', claim: text, reason: error.message };
  }
};

/** A block in LightNet and a published network may be compared in a claim where both are matched on one budget. */
const obstacleTo = (left: CandidateRecord, right: CandidateRecord): string | null => {
  const differences = candidateDifferences(left, right);
  if (differences.length === 0) return null;
  const matched =
    left.group !== right.group &&
    left.budget !== undefined &&
    left.budget.metric === right.budget?.metric &&
    left.budget.target === right.budget.target;
  return matched ? null : `Not comparable (${differences.join('; ')}), and not matched on one budget.`;
};
