/** Costs are exact: any difference is told, with the operations that it comes from. Pure. */
import { isDeepStrictEqual } from 'node:util';
import { type CostRow, FORMS, type Form, type OperationCosts } from '../../../results/model/cost-rows.js';
import type { SnapshotEntry } from '../snapshot/snapshot.js';
import { COST_METRICS, type CostChange, type CostEntry, type OperationChange } from './comparison.js';

export type Counted = Pick<SnapshotEntry, 'name' | 'selection' | 'fingerprint' | Form>;

/** Operations of both sides; null where a side did not keep them. */
export type BothOperations = { readonly before: OperationCosts; readonly after: OperationCosts } | null;

export const differs = (before: Counted, after: Counted): boolean =>
  before.fingerprint !== after.fingerprint || totalChanges(before, after).length > 0;

export const costEntry = (before: Counted, after: Counted, operations: BothOperations): CostEntry => {
  const totals = totalChanges(before, after);
  return {
    name: after.name,
    state: stateOf(totals),
    selection: [before.selection, after.selection],
    totals,
    operations: operations && FORMS.flatMap((form) => operationChanges(form, operations)),
    unmerged: operations === null ? [] : unmerged(operations),
  };
};

/** More of any cost is a regression, whatever there is less of. */
const stateOf = (totals: readonly CostChange[]): CostEntry['state'] => {
  if (totals.some(({ before, after }) => after > before)) return 'worse';
  return totals.length > 0 ? 'better' : 'changed';
};

const totalChanges = (before: Counted, after: Counted): CostChange[] =>
  FORMS.flatMap((form) =>
    COST_METRICS.map((metric) => ({
      form,
      metric,
      before: before[form][metric],
      after: after[form][metric],
    })).filter((change) => change.before !== change.after),
  );

/**
 * Operations that are not what they were, in execution order: what follows from a change comes after it. One that was removed stands
 * where it stood, after those that were before it.
 */
const operationChanges = (
  form: Form,
  { before, after }: NonNullable<BothOperations>,
): readonly OperationChange[] => {
  const former = byPath(before[form]);
  const present = byPath(after[form]);
  const changes: OperationChange[] = [];
  const removedBehind = new Map<string | null, OperationChange[]>();
  let anchor: string | null = null;
  for (const row of before[form]) {
    if (present.has(row.path)) anchor = row.path;
    else {
      const removed = removedBehind.get(anchor) ?? [];
      removed.push({ form, path: row.path, before: row, after: null });
      removedBehind.set(anchor, removed);
    }
  }
  changes.push(...(removedBehind.get(null) ?? []));
  for (const row of after[form]) {
    const old = former.get(row.path) ?? null;
    if (old === null || !isDeepStrictEqual(old, row))
      changes.push({ form, path: row.path, before: old, after: row });
    changes.push(...(removedBehind.get(row.path) ?? []));
  }
  return changes;
};

/** What the deploy form keeps now though it was there in training, and gone in the deploy form, before: a lost merge or fold. */
const unmerged = ({ before, after }: NonNullable<BothOperations>): string[] => {
  const trained = byPath(before.train);
  const deployed = byPath(before.deploy);
  return after.deploy.flatMap(({ path }) => (trained.has(path) && !deployed.has(path) ? [path] : []));
};

const byPath = (rows: readonly CostRow[]): ReadonlyMap<string, CostRow> =>
  new Map(rows.map((row) => [row.path, row]));
