/** Writes a baseline: what it was made of, in files that a review can read. */
import { readdir, rm } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import {
  BASELINE_FILES,
  type Baseline,
  type BaselineAccuracy,
  type BaselineEntry,
  readBaseline,
} from '../../../results/baseline.js';
import { COSTS, costFileNames, printOperationCosts } from '../../../results/model/cost-rows.js';
import { MODELS, modelFile } from '../../../results/model/model-files.js';
import type { ModelRecord } from '../../../results/model/model-record.js';
import { SCHEMA_VERSION } from '../../../results/plan/plan.js';
import { resolveEngine } from '../../engines/registry.js';
import { alreadyThere } from '../../files/already-there.js';
import { makeFolder, writeWhole } from '../../run/folder/run-directory.js';
import { UserError } from '../../user/user-error.js';
import { isBaseline, loadSnapshot, ownCodeSnapshot } from './load-snapshot.js';
import type { Snapshot, SnapshotEntry } from './snapshot.js';

/** Models of more bytes are left out of git. */
const LARGE_MODEL = 2 ** 20;

/**
 * Saves what `from` stands for (a run, a suite, `catalogue`) as the baseline in this folder, in place of the one that is there. Without
 * `from`, today's code of what that one was made of. Throws UserError where the folder holds something else, or what is to be saved
 * cannot be read or built.
 */
export const saveBaseline = async (folder: string, from?: string): Promise<Baseline> => {
  await requireBaselineOrNothing(folder);
  return saveSnapshot(folder, from === undefined ? await formerSource(folder) : await loadSnapshot(from));
};

/** Writes the files of a baseline over those that are there. */
export const saveSnapshot = async (folder: string, snapshot: Snapshot): Promise<Baseline> => {
  const engines = snapshot.latency === null || snapshot.kind !== 'code' ? {} : await engineVersions();
  const entries = await writeEntries(folder, snapshot);
  const baseline: Baseline = {
    schema: SCHEMA_VERSION,
    savedAt: new Date().toISOString(),
    source: isAbsolute(snapshot.source) ? fromFolder(folder, snapshot.source) : snapshot.source,
    madeOf: snapshot.madeOf,
    environment: { ...snapshot.environment, engines: { ...snapshot.environment.engines, ...engines } },
    ...(snapshot.dataset === undefined ? {} : { dataset: snapshot.dataset }),
    ...(snapshot.latency === null ? {} : { latency: snapshot.latency, thresholds: snapshot.thresholds }),
    entries,
  };
  if (snapshot.accuracy) await writeWhole(folder, BASELINE_FILES.accuracy, printAccuracy(snapshot.accuracy));
  await writeWhole(folder, BASELINE_FILES.baseline, `${JSON.stringify(baseline, null, 2)}\n`);
  await removeOthers(folder, baseline);
  return baseline;
};

const requireBaselineOrNothing = async (folder: string): Promise<void> => {
  if (isBaseline(folder)) return;
  const present = await alreadyThere(folder, 'Name another folder with --out.');
  if (present.length === 0) return;
  throw new UserError(
    `${folder} contains something other than a baseline.`,
    'Choose a new folder, or that of an existing baseline, with --out.',
  );
};

const formerSource = async (folder: string): Promise<Snapshot> => {
  if (!isBaseline(folder)) {
    throw new UserError(
      `No baseline in ${folder} to update.`,
      'Name a source for a new one: a run, a suite, or catalogue.',
    );
  }
  const former = await readBaseline(folder);
  if (former.madeOf === 'code') {
    const source = former.source.startsWith('.') ? resolve(folder, former.source) : former.source;
    return ownCodeSnapshot(folder, source, null);
  }
  throw new UserError(
    `The baseline in ${folder} comes from a run; its accuracies cannot be updated without a new run.`,
    'Run the suite again and name the folder of that run, or name the suite for costs and latency only.',
  );
};

const engineVersions = async (): Promise<Record<string, string>> => {
  const { engine, version } = await resolveEngine('onnxruntime');
  return { [engine.id]: version };
};

const writeEntries = async (folder: string, { entries }: Snapshot): Promise<BaselineEntry[]> => {
  await makeFolder(folder);
  const files = costFileNames(entries.map(({ name }) => name));
  const written: BaselineEntry[] = [];
  const large: string[] = [];
  for (const { operations, model, failed: _, ...entry } of entries) {
    const costs = operations === null ? undefined : files.get(entry.name);
    if (operations && costs) await write(folder, COSTS, costs, printOperationCosts(await operations()));
    const record = model === null ? null : await writeModel(folder, model);
    if (record && record.bytes > LARGE_MODEL) large.push(modelFile(record.sha256));
    written.push({ ...entry, ...(costs ? { costs } : {}), ...(record ? { model: record } : {}) });
  }
  if (large.length > 0) await write(folder, MODELS, GITIGNORE, `${large.sort().join('\n')}\n`);
  return written;
};

const GITIGNORE = '.gitignore';

const writeModel = async (
  folder: string,
  model: NonNullable<SnapshotEntry['model']>,
): Promise<ModelRecord | null> => {
  const { record, read } = await model();
  const bytes = await read();
  if (bytes === null) return null;
  await write(folder, MODELS, modelFile(record.sha256), bytes);
  return record;
};

const write = async (folder: string, inner: string, file: string, content: string | Uint8Array) => {
  await makeFolder(join(folder, inner));
  await writeWhole(join(folder, inner), file, content);
};

/** One line a trial. */
const printAccuracy = ({ conditions, trials }: BaselineAccuracy): string => {
  const lines = trials.map((trial) => JSON.stringify(trial)).join(',\n');
  return `{\n"schema": ${SCHEMA_VERSION},\n"conditions": ${JSON.stringify(conditions, null, 2)},\n"trials": [\n${lines}\n]\n}\n`;
};

const fromFolder = (folder: string, file: string): string => {
  const path = relative(resolve(folder), file).split(sep).join('/');
  return path.startsWith('.') ? path : `./${path}`;
};

/** What a former baseline left in this folder. */
const removeOthers = async (folder: string, { entries, madeOf }: Baseline): Promise<void> => {
  const kept = new Set(
    entries.flatMap(({ costs, model }) => [costs ?? [], model ? modelFile(model.sha256) : []].flat()),
  );
  const anyLarge = entries.some(({ model }) => model && model.bytes > LARGE_MODEL);
  if (anyLarge) kept.add(GITIGNORE);
  if (madeOf === 'code') await rm(join(folder, BASELINE_FILES.accuracy), { force: true });
  for (const inner of [COSTS, MODELS]) {
    const present = await readdir(join(folder, inner)).catch(() => []);
    for (const file of present) if (!kept.has(file)) await rm(join(folder, inner, file));
  }
};
