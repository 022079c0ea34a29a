/** Writes a baseline: what it was made of, in files that a review can read. */
import { readdir, rm } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import {
  BASELINE_FILES,
  type Baseline,
  type BaselineAccuracy,
  type BaselineEntry,
  readBaseline,
} from '../../results/baseline.js';
import { COSTS, costFileNames, printOperationCosts } from '../../results/cost-rows.js';
import { MODELS, modelFile } from '../../results/model-files.js';
import type { ModelRecord } from '../../results/model-record.js';
import { SCHEMA_VERSION } from '../../results/record.js';
import { resolveEngine } from '../engines/registry.js';
import { makeFolder, writeWhole } from '../run/run-directory.js';
import { UserError } from '../user-error.js';
import { codeSnapshot, isBaseline, loadSnapshot } from './load-snapshot.js';
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
  const present = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new UserError(`${folder} cannot be written: ${error.message}.`, 'Name another folder with --out.');
  });
  if (present.length === 0) return;
  throw new UserError(
    `${folder} holds something that is no baseline.`,
    'Name a new folder, or that of a baseline, with --out.',
  );
};

const formerSource = async (folder: string): Promise<Snapshot> => {
  if (!isBaseline(folder)) {
    throw new UserError(
      `There is no baseline in ${folder} to save again.`,
      'Name what to make one of: a run, a suite, or catalogue.',
    );
  }
  const former = await readBaseline(folder);
  if (former.madeOf === 'code') {
    const { source } = former;
    return codeSnapshot(source.startsWith('.') ? resolve(folder, source) : source, null);
  }
  throw new UserError(
    `The baseline in ${folder} was made of a run, whose accuracies today's code alone does not tell.`,
    'Run the suite again and name the folder of the run; or name the suite, for costs and latency alone.',
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
  for (const { operations, model, ...entry } of entries) {
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
