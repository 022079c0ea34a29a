/** Snapshots of folders: what a run left behind, or a baseline. */
import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import {
  type BaselineEntry,
  readBaseline,
  readBaselineAccuracy,
  readCosts,
} from '../../../results/baseline.js';
import { COSTS, costFileNames } from '../../../results/model/cost-rows.js';
import { readModel } from '../../../results/model/model-files.js';
import type { CandidateRecord } from '../../../results/plan/candidate.js';
import { DEFAULT_THRESHOLDS } from '../../../results/plan/thresholds.js';
import { loadRun } from '../../../results/run/load-run.js';
import type { Run } from '../../../results/run/run.js';
import type { Snapshot, SnapshotEntry } from './snapshot.js';

/** Throws UserError where a file of the baseline is missing or damaged. */
export const baselineSnapshot = async (folder: string): Promise<Snapshot> => {
  const { source, madeOf, environment, entries, dataset, latency, thresholds } = await readBaseline(folder);
  return {
    kind: 'baseline',
    name: folder,
    source: source.startsWith('.') ? resolve(folder, source) : source,
    madeOf,
    environment,
    entries: entries.map((entry) => entryOf(folder, entry)),
    ...(dataset === undefined ? {} : { dataset }),
    latency: latency ?? null,
    thresholds: thresholds ?? DEFAULT_THRESHOLDS,
    accuracy: madeOf === 'run' ? await readBaselineAccuracy(folder) : null,
  };
};

/** Runs of former versions kept neither costs by operation nor models. Throws UserError where the folder holds no run. */
export const runSnapshot = async (folder: string): Promise<Snapshot> => {
  const run = await loadRun(folder);
  const { plan, environment, trials } = run;
  const files = costFileNames(plan.candidates.map(({ name }) => name));
  const entries: SnapshotEntry[] = [];
  for (const candidate of plan.candidates) {
    const costs = files.get(candidate.name);
    const kept = costs !== undefined && (await exists(join(folder, COSTS, costs)));
    entries.push({
      ...entryOf(folder, { ...candidateEntry(run, candidate), ...(kept ? { costs } : {}) }),
      failed: failuresOf(run, candidate.name),
    });
  }
  return {
    kind: 'run',
    name: folder,
    source: plan.source,
    madeOf: 'run',
    environment,
    entries,
    dataset: plan.conditions.dataset.id,
    latency: plan.latency,
    thresholds: plan.thresholds ?? DEFAULT_THRESHOLDS,
    accuracy: {
      conditions: plan.conditions,
      trials: trials.flatMap((trial) =>
        trial.state === 'done'
          ? [{ candidate: trial.candidate, seed: trial.seed, testCorrect: trial.result.testCorrect }]
          : [],
      ),
    },
  };
};

const candidateEntry = ({ plan, latency }: Run, candidate: CandidateRecord): BaselineEntry => {
  const { name, selection, fingerprint, costs, budget } = candidate;
  const measured = latency.get(name);
  const totalsOf = ({ params, macs, flops, activationBytes }: typeof costs.train) => ({
    params,
    macs,
    flops,
    activationBytes,
  });
  return {
    name,
    selection,
    input: plan.conditions.input,
    classes: plan.conditions.dataset.classes,
    ...(budget === undefined ? {} : { knob: { option: budget.knob, value: budget.value } }),
    ...(budget?.second?.knob === undefined ? {} : { secondKnob: budget.second.knob }),
    fingerprint,
    train: totalsOf(costs.train),
    deploy: totalsOf(costs.deploy),
    ...(measured?.state === 'done'
      ? { latencyMs: { median: measured.result.medianMs, interval95: measured.result.interval95Ms } }
      : {}),
    ...(measured?.state === 'done' && measured.model ? { model: measured.model } : {}),
  };
};

const failuresOf = ({ latency, trials }: Run, name: string): NonNullable<SnapshotEntry['failed']> => {
  const measured = latency.get(name);
  const own = trials.filter(({ candidate }) => candidate === name);
  const errors = own.flatMap((trial) => (trial.state === 'failed' ? [trial.error] : []));
  const [training] = errors.length === own.length ? errors : [];
  return {
    ...(measured?.state === 'failed' ? { latency: measured.error } : {}),
    ...(training === undefined ? {} : { training }),
  };
};

const entryOf = (folder: string, { costs, model, ...entry }: BaselineEntry): SnapshotEntry => ({
  ...entry,
  operations: costs === undefined ? null : () => readCosts(folder, costs, entry),
  model:
    model === undefined ? null : async () => ({ record: model, read: () => readModel(folder, model.sha256) }),
});

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );
