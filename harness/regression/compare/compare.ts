/**
 * Whether anything has become worse between two snapshots: costs by exact equality, latency by timing both sides' models in one
 * process, accuracy by paired seeds.
 */
import { UserError } from '../../user/user-error.js';
import { loadSnapshot, ownCodeSnapshot } from '../snapshot/load-snapshot.js';
import type { Snapshot, SnapshotEntry } from '../snapshot/snapshot.js';
import type { LatencyOptions } from './compare-latency.js';
import type { Comparison, CostComparison, CostEntry, MeasuredComparison, Rule } from './comparison.js';
import { costEntry, differs } from './cost-changes.js';

/** What is compared. */
export interface CompareOptions extends LatencyOptions {
  /** All by default. */
  readonly only?: readonly Rule[];
  /** Entries of the baseline that may be gone; every other that is, is a finding. None by default. */
  readonly allowGone?: readonly string[];
}

/**
 * Compares what two names stand for: folders of runs or baselines, suites, or `catalogue`. Without a second, today's code of what the
 * first was made of. Throws UserError where a name stands for nothing, a folder is damaged, both have no entry in common, or a rule asked
 * for by name cannot tell.
 */
export const compareWithBaseline = async (
  baseline: string,
  current?: string,
  options: CompareOptions = {},
): Promise<Comparison> => {
  const before = await loadSnapshot(baseline);
  const after =
    current === undefined
      ? await ownCodeSnapshot(baseline, before.source, before)
      : await loadSnapshot(current, before);
  requireCommonEntries(before, after);
  requireGone(before, after, options.allowGone);
  const comparison = await compareSnapshots(before, after, options);
  if (comparison.state !== 'regression') {
    for (const rule of options.only ?? []) if (rule !== 'costs') requireAnyCompared(rule, comparison[rule]);
  }
  return comparison;
};

export const compareSnapshots = async (
  baseline: Snapshot,
  current: Snapshot,
  { only, allowGone = [], ...latencyOptions }: CompareOptions = {},
): Promise<Comparison> => {
  const gone = goneFrom(baseline, current).filter((name) => !allowGone.includes(name));
  const asked = (rule: Rule): boolean => only === undefined || only.includes(rule);
  const costs = asked('costs') ? await compareCosts(baseline, current) : null;
  const accuracy = asked('accuracy') ? await accuracyOf(baseline, current) : null;
  const latency = asked('latency') ? await latencyOf(baseline, current, latencyOptions) : null;
  if (only !== undefined) {
    requireComparable('latency', latency);
    requireComparable('accuracy', accuracy);
  }
  const found = (...states: readonly string[]) => [
    ...named('costs', costs?.entries, states),
    ...named('latency', entriesOf(latency), states),
    ...named('accuracy', entriesOf(accuracy), states),
  ];
  const [regressions, undecided] = [found('worse', 'broken'), found('undecided', 'not-comparable')];
  return {
    baseline: sideOf(baseline),
    current: sideOf(current),
    state:
      regressions.length > 0 || gone.length > 0
        ? 'regression'
        : undecided.length > 0
          ? 'undecided'
          : 'passed',
    regressions,
    undecided,
    gone,
    costs,
    latency,
    accuracy,
  };
};

/** A check that checks nothing must not pass. */
const requireCommonEntries = (baseline: Snapshot, current: Snapshot): void => {
  const names = ({ entries }: Snapshot): readonly string[] => entries.map(({ name }) => name);
  const former = new Set(names(baseline));
  if (names(current).some((name) => former.has(name))) return;
  throw new UserError(
    `${baseline.name} and ${current.name} have no entry in common: ${names(baseline).join(', ')} on one side, ${names(current).join(', ')} on the other.`,
    'Compare two sides of the same suite: entries are paired by candidate name.',
  );
};

const requireGone = (baseline: Snapshot, current: Snapshot, allowed: readonly string[] = []): void => {
  const gone = goneFrom(baseline, current);
  const present = allowed.find((name) => !gone.includes(name));
  if (present === undefined) return;
  throw new UserError(
    `--allow-gone names "${present}", which is not gone.`,
    gone.length === 0 ? 'Omit the option: nothing is gone.' : `Gone: ${gone.join(', ')}.`,
  );
};

/** Statistics and engines are loaded only where they are asked for: a cost check on every commit is to be quick. */
const accuracyOf = async (baseline: Snapshot, current: Snapshot): Promise<MeasuredComparison> => {
  const { compareAccuracy } = await import('./accuracy-changes.js');
  return compareAccuracy(baseline, current);
};

const latencyOf = async (...sides: [Snapshot, Snapshot, LatencyOptions]): Promise<MeasuredComparison> => {
  const { compareLatency } = await import('./compare-latency.js');
  return compareLatency(...sides);
};

const compareCosts = async (baseline: Snapshot, current: Snapshot): Promise<CostComparison> => {
  const former = new Map(baseline.entries.map((entry) => [entry.name, entry]));
  const entries: CostEntry[] = [];
  const [equal, added]: [string[], string[]] = [[], []];
  for (const after of current.entries) {
    const before = former.get(after.name);
    if (!before) added.push(after.name);
    else if (!differs(before, after)) equal.push(after.name);
    else entries.push(costEntry(before, after, await operationsOf(before, after)));
  }
  return { entries, equal, added, removed: [...goneFrom(baseline, current)] };
};

/** Names of the baseline's entries that the other side does not have. */
const goneFrom = (baseline: Snapshot, current: Snapshot): readonly string[] => {
  const present = new Set(current.entries.map(({ name }) => name));
  return baseline.entries.map(({ name }) => name).filter((name) => !present.has(name));
};

const operationsOf = async (before: SnapshotEntry, after: SnapshotEntry) =>
  before.operations === null || after.operations === null
    ? null
    : { before: await before.operations(), after: await after.operations() };

/** What was asked for by name and cannot be told is no success. */
const requireComparable = (rule: Rule, comparison: MeasuredComparison | null): void => {
  if (comparison?.state === 'not-comparable') throw notComparable(rule, comparison.reasons);
};

/** A check of which every entry says why it could not be made is none either. */
const requireAnyCompared = (rule: Rule, comparison: MeasuredComparison | null): void => {
  const entries = entriesOf(comparison);
  const reasons = entries.flatMap((entry) => (entry.state === 'not-comparable' ? [entry.reason] : []));
  if (reasons.length > 0 && reasons.length === entries.length) {
    throw notComparable(rule, [...new Set(reasons)]);
  }
};

const notComparable = (rule: Rule, reasons: readonly string[]): UserError =>
  new UserError(
    `${rule} cannot be compared: ${reasons.join('; ')}.`,
    `Omit --only ${rule}, or compare sides that have it.`,
  );

const entriesOf = (comparison: MeasuredComparison | null) =>
  comparison?.state === 'compared' ? comparison.entries : [];

const named = (
  rule: Rule,
  entries: readonly { readonly name: string; readonly state: string }[] = [],
  states: readonly string[],
) => entries.filter(({ state }) => states.includes(state)).map(({ name }) => ({ rule, name }));

const sideOf = ({ name, kind, environment }: Snapshot): Comparison['baseline'] => ({
  name,
  kind,
  commit: environment.commit,
  ...(environment.uncommitted ? { uncommitted: true } : {}),
  lightbench: environment.lightbench,
  at: environment.startedAt,
});
