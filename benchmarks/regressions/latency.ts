/** One model on both sides: as it is, or slowed on the current side by a known share of the time that each run takes. */

import { onnxruntime } from '../../harness/engines/onnx/engine.js';
import { modelContender } from '../../harness/measure/exported-model.js';
import type { LoadableContender } from '../../harness/measure/latency/latency-measurement.js';
import { measureLatency } from '../../harness/measure/latency/measure-latency.js';
import { compareSnapshots } from '../../harness/regression/compare/compare.js';
import type { MeasuredEntry } from '../../harness/regression/compare/comparison.js';
import { judgeLatency, sidesOf } from '../../harness/regression/compare/latency-changes.js';
import { loadSnapshot } from '../../harness/regression/snapshot/load-snapshot.js';
import type { Snapshot, SnapshotModel } from '../../harness/regression/snapshot/snapshot.js';
import { writeProject } from '../../tests/support/project.js';
import { withModels } from '../../tests/support/snapshot-models.js';
import { slowedPredictor } from '../slowed-predictor.js';

const NETWORK = 'mobilenet-v3-small';

/** A suite of one network; written into `folder`. */
export const timedSnapshot = (folder: string): Promise<Snapshot> =>
  loadSnapshot(
    writeProject(folder, 'timed', {
      candidates: `{ name: '${NETWORK}', network: '${NETWORK}' }`,
      size: 96,
      rounds: 120,
      sessions: 12,
    }),
  );

/** `lightbench compare --only latency` of a snapshot with itself. Its models pass for others, or they would be a tie without a measurement. */
export const compareUnchanged = async (snapshot: Snapshot): Promise<MeasuredEntry> => {
  const { latency } = await compareSnapshots(snapshot, withModels(snapshot, renamed), { only: ['latency'] });
  return only(latency?.state === 'compared' ? latency.entries : []);
};

const renamed = (model: SnapshotModel): SnapshotModel => ({
  ...model,
  record: { ...model.record, sha256: `${model.record.sha256}-again` },
});

/** The same measurement and judgement, in this process, where the current side can be slowed. */
export const compareSlowed = async (
  { latency, entries, thresholds }: Snapshot,
  share: number,
  seed: number,
): Promise<MeasuredEntry> => {
  const [entry] = entries;
  if (latency === null || !entry?.model) throw new Error('There is no model to time.');
  const { name, input, model } = entry;
  const { record, read } = await model();
  const bytes = (await read()) ?? new Uint8Array();
  const sides = sidesOf(name);
  const [before, after] = [sides.before, sides.after].map((side) =>
    modelContender(side, input, bytes, record.session),
  );
  if (!before || !after) throw new Error('A comparison has two sides.');
  const measurement = await measureLatency({
    engine: onnxruntime,
    contenders: [before, slowed(after, share)],
    ...latency,
    seed,
  });
  return only(judgeLatency([name], measurement, new Map(), thresholds.latency).entries);
};

const slowed = (contender: LoadableContender, share: number): LoadableContender => ({
  ...contender,
  load: async () => slowedPredictor(await contender.load(), share),
});

const only = ([entry]: readonly MeasuredEntry[]): MeasuredEntry => {
  if (!entry) throw new Error('Nothing was measured.');
  return entry;
};
