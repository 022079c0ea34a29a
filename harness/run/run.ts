/**
 * A whole run:
 *
 *   suite  -> plan           everything decided before anything is trained (startRun), or read back (resumeRun)
 *   plan   -> tries          of learning rates, where the suite tunes them
 *          -> trials         each in a process of its own, several at a time, here or on other machines
 *          -> latency        alone, afterwards, all candidates interleaved; on other machines whenever those can
 *          -> results.csv
 *
 * Every outcome is in the journal before it counts, so that a run can be stopped at any moment and resumed.
 */
import { join } from 'node:path';
import { resultsCsv } from '../../results/csv/csv.js';
import { Journal, repairJournal } from '../../results/journal/journal.js';
import type { Plan } from '../../results/plan/plan.js';
import { loadPlan, loadRun, RUN_FILES } from '../../results/run/load-run.js';
import type { Run } from '../../results/run/run.js';
import type { OnDataProgress } from '../data/dataset-entry.js';
import { loadDatasetAt } from '../data/registry.js';
import { resolveEngine } from '../engines/registry.js';
import { describeEnvironment } from '../measure/machine/environment.js';
import { ownCode, ownVersion } from '../package/own-code.js';
import { MOST } from '../user/limits.js';
import { UserError } from '../user/user-error.js';
import { removeCheckpoints, removePartialFiles } from './folder/leftovers.js';
import { lockRun, type RunLock, requireUnused } from './folder/lock.js';
import { createRunDirectory, makeFolder, runStarted, writeWhole } from './folder/run-directory.js';
import { measureElsewhere, measureHere, unmeasured } from './latency.js';
import { type BudgetProgress, matchLatency } from './plan/budget/latency-budget.js';
import { keepGraphs } from './plan/keep-graphs.js';
import { overrideSuite, planSuite, type SuiteOverrides, siteOf } from './plan/plan.js';
import { plannedEngine, plannedGraph } from './plan/planned.js';
import { requireGpus } from './plan/require-gpus.js';
import { requireInt8Kernels } from './plan/require-int8.js';
import { loadSuite } from './plan/suite/load-suite.js';
import { requireBrowsers } from './require-browsers.js';
import type { RunOptions } from './run-options.js';
import { progressFile } from './status/progress-file.js';
import { trainUntilDecided } from './trainings/until-decided.js';
import { withPlace } from './with-place.js';

/** How a suite is planned. */
export interface PlanOptions extends SuiteOverrides {
  /** An engine's id, or `auto`. */
  readonly engine?: string;
  /** After the suite's seeds, as many more as would probably decide what is undecided, up to so many in all. */
  readonly untilDecided?: number;
  /** With `untilDecided`, what all trainings may take: seeds are added only where they fit into what is left. */
  readonly timeBudgetSeconds?: number;
  /** How far the measurements for a budget of latency are. */
  readonly onBudget?: (progress: BudgetProgress) => void;
  /** How far the download, or the check, of the data set is. */
  readonly onData?: OnDataProgress;
}

/** What a run of this suite would do. Throws UserError where suite, engine, data or budget do not work out. */
export const planRun = async (
  source: string,
  { engine = 'auto', untilDecided, timeBudgetSeconds, onBudget, onData, ...overrides }: PlanOptions = {},
): Promise<Plan> => {
  const loaded = await loadSuite(source);
  const suite = overrideSuite(loaded.suite, overrides);
  requireMoreSeeds(suite.seeds, untilDecided, timeBudgetSeconds);
  const { only } = overrides;
  const imagenet = loaded.imagenet && overrideSuite(loaded.imagenet, only === undefined ? {} : { only });
  const resolved = await resolveEngine(engine);
  if (suite.int8 !== undefined && resolved.engine.int8 === undefined) await requireInt8Kernels();
  const { dataset: id, path } = suite.data;
  const dataset = await loadDatasetAt(id, path, onData && { onProgress: onData });
  const [budget] = suite.budget ?? [];
  const budgets =
    budget?.metric === 'latency'
      ? await matchLatency(suite, budget, siteOf(suite, dataset), resolved.engine, onBudget)
      : new Map();
  const plan = planSuite({ ...loaded, suite, imagenet }, dataset, resolved, { budgets });
  return {
    ...plan,
    ...(only === undefined ? {} : { only }),
    ...(untilDecided === undefined
      ? {}
      : {
          untilDecided: {
            firstSeeds: suite.seeds,
            maxSeeds: untilDecided,
            ...(timeBudgetSeconds === undefined ? {} : { timeBudgetSeconds }),
            looks: [],
          },
        }),
  };
};

const requireMoreSeeds = (
  planned: number,
  untilDecided: number | undefined,
  timeBudgetSeconds: number | undefined,
): void => {
  if (untilDecided === undefined) {
    if (timeBudgetSeconds === undefined) return;
    throw new UserError(
      'A time budget limits the seeds that are added until all is decided, and none are to be added.',
      'Name it together with --until-decided.',
    );
  }
  if (untilDecided > MOST.seeds) {
    throw new UserError(`--until-decided ${untilDecided} is too large.`, `Use at most ${MOST.seeds} seeds.`);
  }
  if (untilDecided > planned) return;
  throw new UserError(
    `--until-decided must exceed the ${planned} planned seeds; got ${untilDecided}.`,
    'Increase --until-decided, or reduce --seeds.',
  );
};

/** Runs a plan in a new folder. Throws UserError where the folder is in use, GPUs are named that are not here or its engine does not take, a browser is missing, and the signal's reason where it is stopped. */
export const startRun = async (plan: Plan, directory: string, options: RunOptions = {}): Promise<Run> => {
  const { id, version } = plan.conditions.engine;
  const { device = 'native', otherDevices = [] } = options;
  await requireGpus(plan, options.gpus);
  await requireBrowsers(plan, [device, ...otherDevices]);
  await requireUnused(directory);
  await makeFolder(directory);
  return asOwner(directory, options, async (lock, owned) => {
    await createRunDirectory(directory, plan, await describeEnvironment({ [id]: version }));
    return execute(directory, lock, owned);
  });
};

/**
 * Goes on with a run: trials that are done stay, those that failed or were interrupted are run. Throws UserError where the folder
 * holds no run, suite, engine, blocks or lightbench's own code have changed since, or a browser is missing that latency is still to be measured in.
 */
export const resumeRun = async (directory: string, options: RunOptions = {}): Promise<Run> => {
  const plan = await loadPlan(directory);
  await requireGpus(plan, options.gpus);
  return asOwner(directory, options, async (lock, owned) => {
    const repaired = repairJournal(join(directory, RUN_FILES.journal), runStarted(plan));
    if (repaired !== null) owned.onEvent?.({ kind: 'journal-repaired', ...repaired });
    const run = await loadRun(directory);
    requireSameCode(run);
    await requireBrowsers(
      plan,
      unmeasured(run, options).map(({ kind }) => kind),
    );
    await plannedEngine(plan);
    for (const { name } of plan.candidates) await plannedGraph(plan, name);
    return execute(directory, lock, owned);
  });
};

/** Throws UserError where trainings are left, which this code would do otherwise than those that are done. */
const requireSameCode = ({ environment: { code, lightbench }, plan, tries, trials }: Run): void => {
  const isLeft =
    plan.untilDecided !== undefined ||
    [...tries, ...trials].some(({ state }) => state === 'pending' || state === 'failed');
  if (!isLeft || code === undefined || code === ownCode()) return;
  throw new UserError(
    `The run was begun with other code of lightbench (version ${lightbench}, code ${code}) than this (version ${ownVersion()}, code ${ownCode()}): trials of both would not be comparable.`,
    'Resume it with the lightbench that began it, or run the suite again into a new folder.',
  );
};

/** Does what only one process at a time may do in a folder; it ends where the folder is lost. */
const asOwner = async <T>(
  directory: string,
  options: RunOptions,
  work: (lock: RunLock, options: RunOptions) => Promise<T>,
): Promise<T> => {
  const lock = await lockRun(directory);
  const stop = new AbortController();
  const undo = [lock.lost, options.signal].map((signal) => stopWith(stop, signal));
  try {
    await removePartialFiles(directory);
    return await work(lock, { ...options, signal: stop.signal });
  } finally {
    for (const forget of undo) forget();
    lock.release();
  }
};

/** Stops where the signal is given, now or later; undone by what it returns. */
const stopWith = (stop: AbortController, signal: AbortSignal | undefined): (() => void) => {
  const forward = (): void => stop.abort(signal?.reason);
  if (signal?.aborted) forward();
  signal?.addEventListener('abort', forward);
  return () => signal?.removeEventListener('abort', forward);
};

const execute = async (directory: string, lock: RunLock, options: RunOptions): Promise<Run> => {
  const before = await loadRun(directory);
  const progress = progressFile(directory);
  const watched: RunOptions = {
    ...options,
    onEvent: (event) => {
      progress.onEvent(event);
      options.onEvent?.(event);
    },
  };
  const journal = Journal.open(join(directory, RUN_FILES.journal), lock.requireHeld);
  try {
    if (options.weightBytes !== 0) await keepGraphs(directory, before.plan);
    await withPlace(before, watched, async ({ place, devices }) => {
      await measureElsewhere(before, journal, devices, watched, async () => {
        await trainUntilDecided(journal, directory, place, watched);
        await measureHere(before, journal, directory, watched);
      });
    });
    journal.append({ event: 'run-finished', at: now() });
  } catch (error) {
    // What ended the run is told, not what it has made impossible besides.
    if (!lock.lost.aborted) await tidy(directory).catch(() => {});
    throw error;
  } finally {
    journal.close();
    await progress.end();
  }
  await tidy(directory);
  return loadRun(directory);
};

/** The table, and nothing that only a run that goes on needs. */
const tidy = async (directory: string): Promise<void> => {
  const run = await loadRun(directory);
  await writeWhole(directory, RESULTS_FILE, resultsCsv(run));
  const done = [...run.trials, ...run.tries].filter(({ state }) => state === 'done' || state === 'diverged');
  await removeCheckpoints(
    directory,
    done.map(({ key }) => key),
  );
};

const RESULTS_FILE = 'results.csv';

const now = (): string => new Date().toISOString();
