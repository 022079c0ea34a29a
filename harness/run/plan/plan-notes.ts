/** What a plan can never answer, or will answer about something else than it seems, told before anything is trained. */
import type { CandidateRecord } from '../../../results/plan/candidate.js';
import { type Plan, untimedInInt8 } from '../../../results/plan/plan.js';
import { DEFAULT_THRESHOLDS } from '../../../results/plan/thresholds.js';
import type { ClaimAnswer } from '../../analysis/analysis.js';
import { readClaims } from '../../analysis/claims.js';
import { comparableGroups, kindOf } from '../../analysis/comparable/comparable.js';
import { skeletonOf, unequalSettings } from '../../analysis/comparable/skeleton-settings.js';

export type PlanNote =
  | Extract<ClaimAnswer, { state: 'not-comparable' }>
  /** No accuracy of networks that are no worse than guessing differs by more: none can be better than another. */
  | { readonly state: 'no-difference-counts'; readonly threshold: number; readonly most: number }
  /** Every difference counts, so that no two can be called equal. */
  | { readonly state: 'no-tie' }
  /** They have no knob: the budget changes nothing about them. */
  | { readonly state: 'ignores-budget'; readonly candidates: readonly string[] }
  /** There is no budget, and within one group the largest has so many times the cost of the smallest. */
  | {
      readonly state: 'unequal-sizes';
      readonly metric: 'params' | 'macs';
      readonly smallest: string;
      readonly largest: string;
      readonly ratio: number;
    }
  /** Networks are tested in int8, but this engine is not timed in it. */
  | { readonly state: 'no-int8-latency'; readonly engine: string; readonly device: string }
  /** They are ranked apart from the blocks of the first group. */
  | { readonly state: 'own-group'; readonly candidates: readonly string[]; readonly reason: GroupReason };

type GroupReason =
  /** As a whole, in a network of its own. */
  | { readonly kind: 'whole-networks' }
  /** Options of the skeleton, `option=value instead of value`; empty where a part itself changes what is around it. */
  | { readonly kind: 'skeleton'; readonly differences: readonly string[] };

type Noted = Pick<Plan, 'claims' | 'candidates' | 'conditions' | 'thresholds'>;

export const planNotes = (plan: Noted): readonly PlanNote[] => [
  ...unanswered(plan),
  ...ignoredBudget(plan.candidates),
  ...unequalSizes(plan.candidates),
  ...untimedInt8(plan),
  ...ownGroups(plan.candidates),
];

const unanswered = ({
  claims,
  candidates,
  conditions: { dataset },
  thresholds = DEFAULT_THRESHOLDS,
}: Noted): readonly PlanNote[] => {
  const most = 1 - 1 / dataset.classes;
  return [
    ...readClaims(claims, candidates).flatMap((one) => (one.state === 'not-comparable' ? [one] : [])),
    ...(thresholds.top1 >= most
      ? [{ state: 'no-difference-counts', threshold: thresholds.top1, most } as const]
      : []),
    ...(thresholds.top1 === 0 ? [{ state: 'no-tie' } as const] : []),
  ];
};

const ignoredBudget = (candidates: readonly CandidateRecord[]): readonly PlanNote[] => {
  const without = candidates.filter(({ budget }) => budget === undefined);
  if (without.length === 0 || without.length === candidates.length) return [];
  return [{ state: 'ignores-budget', candidates: without.map(({ name }) => name) }];
};

/** Twice the cost is no longer a detail. */
const UNEQUAL_FROM = 2;

const unequalSizes = (candidates: readonly CandidateRecord[]): readonly PlanNote[] => {
  if (candidates.some(({ budget }) => budget !== undefined)) return [];
  return comparableGroups(candidates).flatMap((group) =>
    (['params', 'macs'] as const).flatMap((metric) => {
      const sorted = group.toSorted((a, b) => a.costs.deploy[metric] - b.costs.deploy[metric]);
      const [smallest, largest] = [sorted[0], sorted.at(-1)];
      if (smallest === undefined || largest === undefined) return [];
      const ratio = largest.costs.deploy[metric] / smallest.costs.deploy[metric];
      if (!(ratio >= UNEQUAL_FROM)) return [];
      return [
        { state: 'unequal-sizes', metric, smallest: smallest.name, largest: largest.name, ratio } as const,
      ];
    }),
  );
};

const untimedInt8 = ({ conditions }: Noted): readonly PlanNote[] => {
  const untimed = untimedInInt8(conditions);
  return untimed === null ? [] : [{ state: 'no-int8-latency', ...untimed }];
};

const ownGroups = (candidates: readonly CandidateRecord[]): readonly PlanNote[] => {
  const groups = comparableGroups(candidates);
  const [reference] = groups.find((group) => kindOf(group) === 'lightnet') ?? [];
  if (reference === undefined) return [];
  return groups.flatMap((group): PlanNote[] => {
    const [first] = group;
    if (first === undefined || group.includes(reference)) return [];
    const reason: GroupReason =
      kindOf(group) === 'network'
        ? { kind: 'whole-networks' }
        : { kind: 'skeleton', differences: skeletonDifferences(first, reference) };
    return [{ state: 'own-group', candidates: group.map(({ name }) => name), reason }];
  });
};

const skeletonDifferences = (one: CandidateRecord, other: CandidateRecord): readonly string[] => {
  const [here, there] = [skeletonOf(one), skeletonOf(other)];
  if (here !== null && there !== null && here !== there) return [`${here} instead of ${there}`];
  return unequalSettings([one, other]).map(({ option, values }) => {
    const [mine, theirs] = values.map((value) => value ?? 'its default');
    return `${option}=${mine} instead of ${theirs}`;
  });
};
