/** Times the baseline's models and the new ones side by side, in one process of their own. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plan } from '../../../results/plan/plan.js';
import { resolveEngine } from '../../engines/registry.js';
import { temporaryFolder } from '../../files/temporary-folder.js';
import type { LatencyMeasurement } from '../../measure/latency/latency-measurement.js';
import type { Job } from '../../run/worker/protocol.js';
import { runWorker } from '../../run/worker/run-worker.js';
import type { Snapshot, SnapshotEntry, SnapshotModel } from '../snapshot/snapshot.js';
import type { MeasuredComparison, MeasuredEntry } from './comparison.js';
import { isIdentical, judgeLatency, obstacle, sidesOf } from './latency-changes.js';

export interface LatencyOptions {
  /** How far the measurement of latency is: rounds of one entry. */
  readonly onProgress?: (doneRounds: number, rounds: number) => void;
  readonly signal?: AbortSignal;
}

/** Throws UserError where a model is damaged, and Error where the process that measures dies. */
export const compareLatency = async (
  baseline: Snapshot,
  current: Snapshot,
  options: LatencyOptions,
): Promise<MeasuredComparison> => {
  const reason = withoutModels(baseline) ?? withoutModels(current);
  if (reason !== null || current.latency === null) {
    return { state: 'not-comparable', reasons: reason === null ? [] : [reason] };
  }
  const prepared: Prepared[] = [];
  for (const after of current.entries) {
    const before = baseline.entries.find(({ name }) => name === after.name);
    if (before) prepared.push(await prepare(baseline.name, before, after));
  }
  const open = prepared.filter((one): one is Unsettled => 'models' in one);
  const measured =
    open.length === 0
      ? { entries: [], noiseFloor: null }
      : judgeLatency(
          open.map(({ name }) => name),
          await measure(open, current.latency, options),
          new Map(
            baseline.entries.flatMap(({ name, latencyMs }) => (latencyMs ? [[name, latencyMs.median]] : [])),
          ),
          baseline.thresholds.latency,
        );
  const judged = new Map(measured.entries.map((entry) => [entry.name, entry]));
  return {
    state: 'compared',
    entries: prepared.flatMap((one) => ('models' in one ? (judged.get(one.name) ?? []) : one)),
    noiseFloor: measured.noiseFloor,
    notes: open.length === 0 ? [] : await versionNotes(baseline),
  };
};

/** Settled without a measurement, or two models to time. */
type Prepared = MeasuredEntry | Unsettled;

interface Unsettled {
  readonly name: string;
  readonly models: Extract<Job, { job: 'model-latency' }>['models'];
  readonly bytes: readonly Uint8Array[];
}

const prepare = async (baseline: string, before: SnapshotEntry, after: SnapshotEntry): Promise<Prepared> => {
  const { name } = after;
  const apart = (reason: string): MeasuredEntry => ({ name, state: 'not-comparable', reason });
  if (before.model === null) return apart('the baseline has no model of it');
  if (after.failed?.latency !== undefined) {
    return { name, state: 'broken', reason: `the current one does not run: ${after.failed.latency}` };
  }
  if (after.model === null) return apart('the current side has no model of it');
  const [old, young] = [await before.model(), await after.model()];
  if (isIdentical(old, young)) return { name, state: 'identical' };
  const reason = obstacle(old, young);
  if (reason !== null) return apart(reason);
  const [oldBytes, youngBytes] = [await old.read(), await young.read()];
  if (oldBytes === null || youngBytes === null) {
    return apart(`its model is not in ${baseline}: large models are kept outside git; copy it there`);
  }
  const sides = sidesOf(name);
  return {
    name,
    models: [job(sides.before, before, old), job(sides.after, after, young)],
    bytes: [oldBytes, youngBytes],
  };
};

const job = (name: string, { input }: SnapshotEntry, { record: { sha256, session } }: SnapshotModel) => ({
  name,
  input,
  session,
  file: `${sha256}.onnx`,
});

const measure = async (
  open: readonly Unsettled[],
  latency: Plan['latency'],
  { onProgress, signal }: LatencyOptions,
): Promise<LatencyMeasurement> => {
  const folder = await temporaryFolder('compare');
  try {
    const models = open.flatMap((entry) =>
      entry.models.map((model) => ({ ...model, file: join(folder.path, model.file) })),
    );
    const bytes = open.flatMap((entry) => entry.bytes);
    for (const [index, { file }] of models.entries()) await writeFile(file, bytes[index] ?? new Uint8Array());
    const answer = await runWorker(
      { job: 'model-latency', models, latency },
      {
        ...(onProgress === undefined ? {} : { onProgress }),
        ...(signal === undefined ? {} : { signal }),
      },
    );
    if (answer.say === 'latency-done') return answer;
    throw new Error(answer.say === 'failed' ? answer.error : 'The worker answered another question.');
  } finally {
    folder.remove();
  }
};

const withoutModels = ({ name, latency, entries, accuracy }: Snapshot): string | null => {
  if (latency === null) return `${name} has only costs, no models`;
  if (entries.some(({ model, failed }) => model !== null || failed?.latency !== undefined)) return null;
  const engine = accuracy?.conditions.engine.id ?? 'onnxruntime';
  return engine === 'onnxruntime'
    ? `${name} has no models: its latency was not measured, or was measured by a version that did not keep them`
    : `${name} was measured on ${engine}: only models of onnxruntime can be timed again`;
};

const versionNotes = async ({ environment: { engines } }: Snapshot): Promise<string[]> => {
  const { version } = await resolveEngine('onnxruntime');
  const former = engines.onnxruntime ?? version;
  return former === version
    ? []
    : [`The baseline was made with onnxruntime ${former}; both sides were timed with ${version}.`];
};
