import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { requireFolder } from '../../harness/files/regular-file.js';
import { fileError } from '../../harness/files/system-error.js';
import { UserError } from '../../harness/user/user-error.js';
import { withoutSeal } from '../journal/checksum.js';
import type { JournalEvent } from '../journal/events.js';
import { readJournal } from '../journal/journal.js';
import type { Warning } from '../measurement/warning.js';
import { checkRecord, parseJson } from '../parse.js';
import { type Plan, planSchema } from '../plan/plan.js';
import { requireUnchangedPlan } from '../plan/plan-key.js';
import { PROFILE_FILE, readProfile } from '../profile/profile-file.js';
import { type Environment, readEnvironment } from './environment.js';
import { requireResultsFit } from './results-fit.js';
import { type Run, runState } from './run.js';

/** Names of the files in a run directory that a run is loaded from. */
export const RUN_FILES = {
  plan: 'suite.json',
  environment: 'env.json',
  journal: 'journal.jsonl',
} as const;

/** What the run is doing, while it goes on. */
export const PROGRESS_FILE = 'progress.json';

/**
 * Reads a run directory. A journal line that was cut off while it was written does not count; the environment's warnings say so.
 * @throws UserError where the directory is no run directory, a file is invalid, the files belong to different runs, or the plan was
 * changed after it was made.
 */
export const loadRun = async (directory: string): Promise<Run> => {
  await requireRunDirectory(directory);
  const journalFile = join(directory, RUN_FILES.journal);
  // Before the plan: a run that goes on may plan more trials, and only then begins them.
  const { events, tornBytes, missingLines, isSealed } = readJournal(journalFile);
  const planFile = join(directory, RUN_FILES.plan);
  const { plan, written } = await readPlan(planFile);
  requireBeginning(journalFile, events);
  const environmentFile = join(directory, RUN_FILES.environment);
  requireSamePlan(directory, plan, events);
  requireUnchangedPlan(written, planFile, { must: isSealed });
  const environment = readEnvironment(await read(environmentFile), environmentFile, { must: isSealed });
  requireResultsFit(journalFile, plan, events);
  const run = runState(
    plan,
    withWarnings(environment, [
      ...(tornBytes === 0 ? [] : [{ kind: 'torn-journal', bytes: tornBytes } as const]),
      ...(missingLines === 0 ? [] : [{ kind: 'journal-lines-missing', lines: missingLines } as const]),
    ]),
    events,
  );
  return { ...run, profile: await readProfile(join(directory, PROFILE_FILE), plan.planKey) };
};

/**
 * The plan of a run alone, whatever state its journal is in.
 * @throws UserError where the directory is no run directory, or the plan is invalid.
 */
export const loadPlan = async (directory: string): Promise<Plan> => {
  await requireRunDirectory(directory);
  return (await readPlan(join(directory, RUN_FILES.plan))).plan;
};

const readPlan = async (file: string): Promise<{ readonly plan: Plan; readonly written: unknown }> => {
  const written = parseJson(await read(file), file, REMEDY);
  return { plan: checkRecord(planSchema, withoutSeal(written), file, REMEDY), written };
};

const withWarnings = (environment: Environment, warnings: readonly Warning[]): Environment =>
  warnings.length === 0 ? environment : { ...environment, warnings: [...environment.warnings, ...warnings] };

/** A journal tells from its first line whose it is; one that is empty, or has lost its beginning, is not taken for a new one. */
const requireBeginning = (file: string, [first]: readonly JournalEvent[]): void => {
  if (first?.event === 'run-started') return;
  throw new UserError(
    `${file} ${first === undefined ? 'is empty' : `begins with ${first.event}, not with run-started`}: its beginning is lost.`,
    first === undefined
      ? 'Restore it from a copy, or run the suite again.'
      : `Resume the run, which puts it back: lightbench run --resume ${dirname(file)}.`,
  );
};

const REMEDY = 'Only lightbench writes this file: restore it from a copy, or run the suite again.';

const read = (file: string): Promise<string> =>
  readFile(file, 'utf8').catch((error: unknown) => {
    throw fileError(error, { path: file, use: 'read', remedy: REMEDY });
  });

/** Throws UserError where there is no such folder, or it lacks files of a run. */
export const requireRunDirectory = async (directory: string): Promise<void> => {
  const remedy = `Name a folder written by \`lightbench run\`; it contains ${Object.values(RUN_FILES).join(', ')}.`;
  await requireFolder(directory, remedy);
  const missing: string[] = [];
  for (const name of Object.values(RUN_FILES)) {
    if (!(await isFile(join(directory, name)))) missing.push(name);
  }
  if (missing.length > 0) {
    if (isBeginning(directory, await readdir(directory).catch(() => []))) {
      throw new UserError(
        `${directory} holds the beginning of a run that has not got as far as its plan: ${missing.join(', ')} missing.`,
        `Nothing was trained yet: run the suite again with --out ${directory}.`,
      );
    }
    throw new UserError(`${directory} is not a run folder: ${missing.join(', ')} missing.`, remedy);
  }
};

/** What a run leaves that was killed before its plan was written: then nothing has been trained. */
export const isBeginning = (directory: string, files: readonly string[]): boolean => {
  const own = files.filter((name) => !isTransient(name));
  const isFirst = (name: string): boolean => name === RUN_FILES.environment || name === RUN_FILES.journal;
  if (own.length === 0 || !own.every(isFirst)) return false;
  return !own.includes(RUN_FILES.journal) || isUnused(join(directory, RUN_FILES.journal));
};

const isUnused = (journal: string): boolean => {
  try {
    return readJournal(journal).events.length <= 1;
  } catch {
    return false;
  }
};

/** Files that a process leaves only where it is killed: half-written ones, and the lock of the run. */
export const isTransient = (name: string): boolean =>
  name.endsWith('.partial') || name === PROGRESS_FILE || isLock(name);

/** The file by which a process says that the run is its own. */
export const lockName = (id: string): string => `lock-${id}.json`;

export const isLock = (name: string): boolean => /^lock-[0-9a-f]{16}\.json$/.test(name);

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  );

/** The files of one directory must belong together: nothing may be counted for a plan it was not made for. */
const requireSamePlan = (directory: string, plan: Plan, events: readonly JournalEvent[]): void => {
  const candidates = new Set(plan.candidates.map(({ name }) => name));
  const trials = new Map(plan.trials.map((trial) => [trial.key, trial]));
  const tries = new Map((plan.tries ?? []).map((planned) => [planned.key, planned]));
  const stray = (what: string) =>
    new UserError(
      `${directory}: ${RUN_FILES.journal} and ${RUN_FILES.plan} belong to different runs (${what}).`,
      'Restore both files of one run from a copy, or run the suite again in a new folder.',
    );
  for (const { key, candidate } of plan.trials) {
    if (!candidates.has(candidate)) throw stray(`trial ${key} belongs to an unknown candidate, ${candidate}`);
  }
  for (const event of events) {
    if (event.event === 'run-started' && event.planKey !== plan.planKey) {
      throw stray(`plan key ${event.planKey} in one, ${plan.planKey} in the other`);
    }
    if ('learningRate' in event) {
      const planned = tries.get(event.key);
      if (planned?.candidate !== event.candidate || planned.learningRate !== event.learningRate) {
        throw stray(`the try of ${event.candidate} at ${event.learningRate} is not planned`);
      }
    } else if ('key' in event) {
      const planned = trials.get(event.key);
      if (planned?.candidate !== event.candidate || planned.seed !== event.seed) {
        throw stray(`trial ${event.key} of ${event.candidate}, seed ${event.seed}, is not planned`);
      }
    } else if ('candidate' in event && !candidates.has(event.candidate)) {
      throw stray(`latency of an unknown candidate, ${event.candidate}`);
    }
  }
};
