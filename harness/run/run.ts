/**
 * A whole run:
 *
 *   suite  -> plan           everything decided before anything is trained (startRun), or read back (resumeRun)
 *   plan   -> tries          of learning rates, where the suite tunes them
 *          -> trials         each in a process of its own, several at a time
 *          -> latency        alone, afterwards, all candidates interleaved
 *          -> results.csv
 *
 * Every outcome is in the journal before it counts, so that a run can be stopped at any moment and resumed.
 */
import { join } from 'node:path';
import { resultsCsv } from '../../results/csv.js';
import { Journal } from '../../results/journal.js';
import type { JournalEvent, Plan, Run } from '../../results/record.js';
import { loadRun, RUN_FILES } from '../../results/run.js';
import { analyse } from '../analysis/analyse.js';
import { seedsWanted } from '../analysis/seeds-wanted.js';
import { loadDataset } from '../data/registry.js';
import { resolveEngine } from '../engines/registry.js';
import { describeEnvironment } from '../measure/environment.js';
import { UserError } from '../user-error.js';
import { type BudgetProgress, matchLatency } from './latency-budget.js';
import { loadSuite } from './load-suite.js';
import { overrideSuite, planSuite, type SuiteOverrides, siteOf, withSeeds } from './plan.js';
import { plannedEngine, plannedGraph } from './planned.js';
import { createRunDirectory, writePlan, writeWhole } from './run-directory.js';
import type { RunOptions } from './run-options.js';
import { train } from './training.js';
import { runWorker } from './worker.js';

export interface PlanOptions extends SuiteOverrides {
  /** An engine's id, or `auto`. */
  readonly engine?: string;
  /** After the suite's seeds, as many more as would probably decide the undecided pairs, up to so many in all. */
  readonly untilDecided?: number;
  /** How far the measurements for a budget of latency are. */
  readonly onBudget?: (progress: BudgetProgress) => void;
}

/** What a run of this suite would do. Throws UserError where suite, engine, data or budget do not work out. */
export const planRun = async (
  source: string,
  { engine = 'auto', untilDecided, onBudget, ...overrides }: PlanOptions = {},
): Promise<Plan> => {
  const loaded = await loadSuite(source);
  const suite = overrideSuite(loaded.suite, overrides);
  requireMoreSeeds(suite.seeds, untilDecided);
  const { only } = overrides;
  const imagenet = loaded.imagenet && overrideSuite(loaded.imagenet, only === undefined ? {} : { only });
  const resolved = await resolveEngine(engine);
  const dataset = await loadDataset(suite.data.dataset);
  const budgets =
    suite.budget?.metric === 'latency'
      ? await matchLatency(suite, suite.budget, siteOf(suite, dataset), resolved.engine, onBudget)
      : new Map();
  const plan = planSuite({ ...loaded, suite, imagenet }, dataset, resolved, { budgets });
  return {
    ...plan,
    ...(only === undefined ? {} : { only }),
    ...(untilDecided === undefined
      ? {}
      : { untilDecided: { firstSeeds: suite.seeds, maxSeeds: untilDecided } }),
  };
};

const requireMoreSeeds = (planned: number, untilDecided: number | undefined): void => {
  if (untilDecided === undefined || untilDecided > planned) return;
  throw new UserError(
    `Up to ${untilDecided} seeds until decided adds none to the ${planned} that are planned.`,
    'Name more of them with --until-decided, or fewer with --seeds.',
  );
};

/** Runs a plan in a new folder. Throws UserError where the folder is in use, and the signal's reason where it is stopped. */
export const startRun = async (plan: Plan, directory: string, options: RunOptions = {}): Promise<Run> => {
  const { id, version } = plan.conditions.engine;
  await createRunDirectory(directory, plan, await describeEnvironment({ [id]: version }));
  return execute(directory, options);
};

/**
 * Goes on with a run: trials that are done stay, those that failed or were interrupted are run. Throws UserError where the folder
 * holds no run, or suite, engine or blocks have changed since.
 */
export const resumeRun = async (directory: string, options: RunOptions = {}): Promise<Run> => {
  const { plan } = await loadRun(directory);
  await plannedEngine(plan);
  for (const { name } of plan.candidates) await plannedGraph(plan, name);
  return execute(directory, options);
};

const execute = async (directory: string, options: RunOptions): Promise<Run> => {
  const before = await loadRun(directory);
  const journal = Journal.open(join(directory, RUN_FILES.journal));
  try {
    await train(journal, directory, options);
    if (await addSeeds(directory)) await train(journal, directory, options);
    await measureLatency(before, journal, directory, options);
    journal.append({ event: 'run-finished', at: now() });
  } finally {
    journal.close();
    await writeWhole(directory, RESULTS_FILE, resultsCsv(await loadRun(directory)));
  }
  return loadRun(directory);
};

const RESULTS_FILE = 'results.csv';

/**
 * After the first look of a run until decided: plans the seeds that would probably decide what is undecided. Once: looking again and
 * again until something shows would find it by chance.
 */
const addSeeds = async (directory: string): Promise<boolean> => {
  const run = await loadRun(directory);
  const { untilDecided, trials } = run.plan;
  if (!untilDecided || trials.some(({ seed }) => seed >= untilDecided.firstSeeds)) return false;
  const plan = withSeeds(run.plan, seedsWanted(analyse(run), untilDecided.maxSeeds));
  if (plan.trials.length === trials.length) return false;
  await writePlan(directory, plan);
  return true;
};

/** All candidates in one measurement, for only then are they paired: it is whole or done again. */
const measureLatency = async (
  { plan, latency }: Run,
  journal: Journal,
  directory: string,
  { onEvent = () => {}, signal }: RunOptions,
): Promise<void> => {
  if ([...latency.values()].every(({ state }) => state === 'done')) return;
  onEvent({ kind: 'latency-started', candidates: plan.candidates.length });
  const answer = await runWorker(
    { job: 'latency', plan, directory },
    {
      onProgress: (done, total) => onEvent({ kind: 'latency-progress', done, total }),
      ...(signal === undefined ? {} : { signal }),
    },
  );
  const events = answer.say === 'latency-done' ? outcomesOf(answer) : allFailed(plan, answer);
  for (const event of events) {
    journal.append(event);
    if (event.event === 'latency-done') {
      onEvent({ kind: 'latency-done', candidate: event.candidate, result: event.result });
    } else if (event.event === 'latency-failed') {
      onEvent({ kind: 'latency-failed', candidate: event.candidate, error: event.error });
    }
  }
};

type Answer = Awaited<ReturnType<typeof runWorker>>;

const outcomesOf = ({
  measurement,
  outcomes,
  control,
}: Extract<Answer, { say: 'latency-done' }>): JournalEvent[] => [
  { event: 'latency-measured', measurement, at: now() },
  ...outcomes.map(
    ({ candidate, outcome, model }): JournalEvent =>
      outcome.state === 'done'
        ? { event: 'latency-done', candidate, result: outcome.result, ...(model ? { model } : {}), at: now() }
        : { event: 'latency-failed', candidate, error: outcome.error, at: now() },
  ),
  ...(control === null ? [] : [{ event: 'latency-control-done', ...control, at: now() } as const]),
];

const allFailed = ({ candidates }: Plan, answer: Answer): JournalEvent[] =>
  candidates.map(({ name }) => ({
    event: 'latency-failed',
    candidate: name,
    error: answer.say === 'failed' ? answer.error : 'The worker answered another question.',
    at: now(),
  }));

const now = (): string => new Date().toISOString();

/** Throws UserError where a suite was named and the folder holds a run of another. */
export const requireSuite = ({ suite, source }: Plan, directory: string, named: string): void => {
  if (named === suite || named === source) return;
  throw new UserError(
    `${directory} holds a run of the suite ${suite}, not of ${named}.`,
    `Resume it without naming a suite, or run ${named} into another folder.`,
  );
};
