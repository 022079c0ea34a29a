/** Whether networks as a whole may be held against each other: equal parameters are not equal compute. */
import type { CandidateRecord } from '../../../results/plan/candidate.js';
import type { UnequalCost } from '../analysis.js';
import type { Pair } from '../comparisons.js';

/** As a share; where candidates state no budget on a metric. */
const DEFAULT_TOLERANCE = 0.05;

const METRICS = ['macs', 'params'] as const;

/**
 * What stands in the way of ranking two by accuracy: nothing where the skeleton around their blocks is one, for there the block is what
 * is compared; elsewhere parameters and multiply-adds that differ by more than two on one budget may.
 */
export const unequalCosts = (left: CandidateRecord, right: CandidateRecord): readonly UnequalCost[] =>
  isOneSkeleton(left, right)
    ? []
    : METRICS.flatMap((metric) => {
        const ratio = left.costs.deploy[metric] / right.costs.deploy[metric];
        const most = largestRatio(metric, left, right);
        return Math.max(ratio, 1 / ratio) <= most ? [] : [{ metric, ratio, most }];
      });

/** Pairs that may be ranked by accuracy. */
export const rankable = (pairs: readonly Pair[]): readonly Pair[] =>
  pairs.filter(([candidate, reference]) => unequalCosts(candidate, reference).length === 0);

/** Whether two are blocks in one skeleton. */
export const isOneSkeleton = (left: CandidateRecord, right: CandidateRecord): boolean =>
  left.group === 'lightnet' && right.group === 'lightnet' && left.skeleton === right.skeleton;

/** Two that are each within the tolerance of one target may lie on both sides of it. A looser budget makes nothing equal. */
const largestRatio = (
  metric: UnequalCost['metric'],
  left: CandidateRecord,
  right: CandidateRecord,
): number => {
  const [one, other] = [budgetOn(metric, left), budgetOn(metric, right)];
  if (one === null || other === null || one.target !== other.target) return 1 + DEFAULT_TOLERANCE;
  const tolerance = Math.min(Math.max(one.tolerance, other.tolerance), DEFAULT_TOLERANCE);
  return (1 + tolerance) / (1 - tolerance);
};

const budgetOn = (metric: UnequalCost['metric'], { budget }: CandidateRecord) =>
  [budget, budget?.second].find((one) => one?.metric === metric) ?? null;
