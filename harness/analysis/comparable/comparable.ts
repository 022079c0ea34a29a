/** What may be ranked together, and if not, why. */
import type { CandidateRecord } from '../../../results/plan/candidate.js';
import type { Conditions } from '../../../results/plan/plan.js';
import type { Run } from '../../../results/run/run.js';
import type { NotComparable, UnequalCost } from '../analysis.js';
import { isOneSkeleton, unequalCosts } from './equal-costs.js';
import { unequalSettings } from './skeleton-settings.js';

type Group = readonly CandidateRecord[];

/**
 * Candidates of a run that share everything but what is compared, in the order of the plan: blocks in one skeleton, and whole networks. Those
 * are the published ones, and blocks of which each has a skeleton that no other has: there the skeleton is part of what is compared.
 */
export const comparableGroups = (candidates: Group): readonly Group[] => {
  const inSkeleton = new Map<string, number>();
  for (const { group, skeleton } of candidates)
    if (group === 'lightnet') inSkeleton.set(skeleton, (inSkeleton.get(skeleton) ?? 0) + 1);
  const groups = new Map<string, CandidateRecord[]>();
  for (const candidate of candidates) {
    const { group, skeleton } = candidate;
    const key = group === 'lightnet' && inSkeleton.get(skeleton) !== 1 ? skeleton : WHOLE_NETWORKS;
    const members = groups.get(key);
    if (members) members.push(candidate);
    else groups.set(key, [candidate]);
  }
  return [...groups.values()];
};

/** No hash. */
const WHOLE_NETWORKS = 'whole networks';

/** What the members of a group are compared as; one alone is compared with nothing, and is what it is. */
export const kindOf = (group: Group): CandidateRecord['group'] => {
  const [first] = group;
  return first !== undefined && group.every((one) => one === first || isOneSkeleton(one, first))
    ? first.group
    : 'network';
};

/** Whether two candidates stand in one of the comparable groups. */
export const groupedIn = (groups: readonly Group[]) => {
  const groupOf = new Map(groups.flatMap((group) => group.map((one) => [one, group] as const)));
  return (one: CandidateRecord, other: CandidateRecord): boolean => groupOf.get(one) === groupOf.get(other);
};

/** Every pair that is shown apart, or may not be ranked by accuracy. */
export const notComparable = (candidates: Group): readonly NotComparable[] => {
  const areGrouped = groupedIn(comparableGroups(candidates));
  return candidates.flatMap((one, i) =>
    candidates.slice(i + 1).flatMap((other) => {
      const differences = areGrouped(one, other)
        ? unequalCosts(one, other).map(costDifference)
        : candidateDifferences(one, other);
      return differences.length === 0 ? [] : [{ candidates: [one.name, other.name] as const, differences }];
    }),
  );
};

/** For example `MACs: 4.04 times as many on one side`. */
const costDifference = ({ metric, ratio }: UnequalCost): string =>
  `${COST_NAMES[metric]}: ${Math.max(ratio, 1 / ratio).toFixed(2)} times as many on one side`;

const COST_NAMES = { params: 'parameters', macs: 'MACs' } as const;

/** Why two candidates of different groups may not be ranked together. */
const candidateDifferences = (one: CandidateRecord, other: CandidateRecord): readonly string[] => {
  if (one.group !== other.group)
    return ['one is a block in the common skeleton, the other a network of its own'];
  const settings = unequalSettings([one, other]).flatMap(({ option, values: [here, there] }) =>
    unequal(`${option} of the network around the blocks`, here ?? 'its default', there ?? 'its default'),
  );
  return settings.length === 0 ? unequal('skeleton', one.skeleton, other.skeleton) : settings;
};

export interface RunDifferences {
  /** Why nothing of the two runs may be ranked together. */
  readonly all: readonly string[];
  /** Why latencies may not. */
  readonly latency: readonly string[];
}

/** What differs between two runs, one `what: one and other` each. A run without int8 is compared with another's networks in float. */
export const runDifferences = (one: Run, other: Run): RunDifferences => {
  const inInt8 = [one, other].every(({ plan }) => plan.conditions.int8 !== undefined);
  return {
    all: differencesOf(conditionsOf(one, inInt8), conditionsOf(other, inInt8)),
    latency: differencesOf(latencyConditionsOf(one), latencyConditionsOf(other)),
  };
};

/** Those of the networks in float: how they are quantised afterwards changes nothing of them. */
export const floatConditions = ({ int8: _, ...conditions }: Conditions): Omit<Conditions, 'int8'> =>
  conditions;

const conditionsOf = ({ plan: { conditions, candidates }, environment }: Run, inInt8: boolean) => ({
  ...(inInt8 ? conditions : floatConditions(conditions)),
  skeleton: skeletonsOf(candidates),
  lightbench: environment.lightbench,
});

/** Of the candidates that are compared as blocks: published networks each have their own. */
const skeletonsOf = (candidates: Group): string =>
  [...new Set(candidates.filter(({ group }) => group === 'lightnet').map(({ skeleton }) => skeleton))]
    .toSorted()
    .join(', ') || 'none';

/** A run may be resumed on another machine: what counts is where latency was measured. */
const latencyConditionsOf = ({ plan: { latency }, environment, latencyMeasurement }: Run) => {
  const { cpu, cores } = latencyMeasurement?.conditions ?? environment;
  const { kind = 'native' } = latencyMeasurement?.device ?? {};
  // What ran them in a browser is none of the run's conditions; the engine is.
  const browser = kind !== 'native' ? { runtime: latencyMeasurement?.device?.runtime } : {};
  const { platform } = environment;
  return { cpu, cores, platform, threads: latency.threads, batch: latency.batch, device: kind, ...browser };
};

/** What differs between two sets of conditions, one `what: one and other` each, in the words of suites and pages. */
export const differencesOf = (one: object, other: object): readonly string[] => {
  const [left, right] = [flatten(one), flatten(other)];
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((key) =>
    unequal(key, left.get(key) ?? 'none', right.get(key) ?? 'none'),
  );
};

/** The innermost values by their path, for example `dataset.contentHash`; a list is one value. */
export const flatten = (value: object, path = ''): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(value).flatMap(([key, inner]) => {
      if (Array.isArray(inner)) return [[`${path}${key}`, JSON.stringify(inner)] as const];
      return typeof inner === 'object' && inner !== null
        ? [...flatten(inner, `${path}${key}.`)]
        : [[`${path}${key}`, String(inner)] as const];
    }),
  );

const unequal = (path: string, one: string, other: string): readonly string[] =>
  one === other ? [] : [`${NAMES.get(path) ?? path}: ${one} and ${other}`];

/** Of what no suite says by this path. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ['dataset.id', 'data set'],
  ['dataset.contentHash', 'hash of the data set'],
  ['dataset.trainImages', 'training images'],
  ['dataset.validationImages', 'validation images'],
  ['dataset.testImages', 'test images'],
  ['dataset.classes', 'classes'],
  ['dataset.decoding', 'rule of decoding images'],
  ['fit', 'data.fit'],
  ['engine.id', 'engine'],
  ['engine.version', 'version of the engine'],
  ['engine.device', 'device of the engine'],
  ['trainThreads', 'threads of training'],
  ['tuning.seed', 'seed of tuning'],
  ['skeleton', 'network around the blocks'],
  ['lightbench', 'version of lightbench'],
]);
