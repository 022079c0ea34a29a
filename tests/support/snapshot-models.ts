import type { Snapshot, SnapshotModel } from '../../harness/regression/snapshot/snapshot.js';

/** The same with every model changed, when it is asked for. */
export const withModels = (
  snapshot: Snapshot,
  change: (model: SnapshotModel) => SnapshotModel,
): Snapshot => ({
  ...snapshot,
  entries: snapshot.entries.map((entry) => {
    const { model } = entry;
    return model === null ? entry : { ...entry, model: async () => change(await model()) };
  }),
});
