import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../harness/user-error.js';
import { readJournal } from './journal.js';
import { checkRecord, parseJson, parseRecord } from './parse.js';
import { requireUnchangedPlan } from './plan-key.js';
import {
  type Environment,
  environmentSchema,
  type JournalEvent,
  type LatencyState,
  type Plan,
  planSchema,
  type Run,
  type TrialState,
  type TryState,
} from './record.js';

/** Names of the files in a run directory that a run is loaded from. */
export const RUN_FILES = {
  plan: 'suite.json',
  environment: 'env.json',
  journal: 'journal.jsonl',
} as const;

/**
 * Reads a run directory. A journal line that was cut off while it was written does not count; the environment's warnings say so.
 * @throws UserError where the directory is no run directory, a file is invalid, the files belong to different runs, or the plan was
 * changed after it was made.
 */
export const loadRun = async (directory: string): Promise<Run> => {
  await requireRunDirectory(directory);
  const planFile = join(directory, RUN_FILES.plan);
  const written = parseJson(await readFile(planFile, 'utf8'), planFile, REMEDY);
  const plan = checkRecord(planSchema, written, planFile, REMEDY);
  const environmentFile = join(directory, RUN_FILES.environment);
  const environment = parseRecord(
    environmentSchema,
    await readFile(environmentFile, 'utf8'),
    environmentFile,
    REMEDY,
  );
  const { events, tornBytes } = readJournal(join(directory, RUN_FILES.journal));
  requireSamePlan(directory, plan, events);
  requireUnchangedPlan(written, planFile);
  return runState(plan, tornBytes === 0 ? environment : withWarning(environment, TORN_WARNING), events);
};

/** What has become of every planned try and trial, and of every candidate's latency, after these events in this order. */
export const runState = (plan: Plan, environment: Environment, events: readonly JournalEvent[]): Run => {
  const tries = new Map<string, TryState>(
    (plan.tries ?? []).map((planned) => [planned.key, { state: 'pending', ...planned }]),
  );
  const trials = new Map<string, TrialState>(
    plan.trials.map((trial) => [trial.key, { state: 'pending', ...trial }]),
  );
  const latency = new Map<string, LatencyState>(
    plan.candidates.map(({ name }) => [name, { state: 'pending' }]),
  );
  let latencyMeasurement: Run['latencyMeasurement'] = null;
  let latencyControl: Run['latencyControl'] = null;
  for (const event of events) {
    switch (event.event) {
      case 'tuning-started':
        tries.set(event.key, { state: 'pending', ...tryIdentity(event) });
        break;
      case 'tuning-done':
        tries.set(event.key, { state: 'done', ...tryIdentity(event), result: event.result });
        break;
      case 'tuning-diverged':
        tries.set(event.key, { state: 'diverged', ...tryIdentity(event), reason: event.reason });
        break;
      case 'tuning-failed':
        tries.set(event.key, { state: 'failed', ...tryIdentity(event), error: event.error });
        break;
      case 'trial-started':
        trials.set(event.key, { state: 'pending', ...identity(event) });
        break;
      case 'trial-done':
        trials.set(event.key, { state: 'done', ...identity(event), result: event.result });
        break;
      case 'trial-failed':
        trials.set(event.key, { state: 'failed', ...identity(event), error: event.error });
        break;
      case 'latency-measured':
        latencyMeasurement = event.measurement;
        break;
      case 'latency-done':
        latency.set(event.candidate, {
          state: 'done',
          result: event.result,
          ...(event.model === undefined ? {} : { model: event.model }),
        });
        break;
      case 'latency-failed':
        latency.set(event.candidate, { state: 'failed', error: event.error });
        break;
      case 'latency-control-done':
        latencyControl = { candidate: event.candidate, result: event.result };
        break;
      case 'run-started':
      case 'run-finished':
        break;
      default:
        event satisfies never;
    }
  }
  return {
    plan,
    environment,
    tries: [...tries.values()],
    trials: [...trials.values()],
    latency,
    latencyMeasurement,
    latencyControl,
  };
};

const TORN_WARNING = 'The journal ends in a line that was cut off while it was written; it does not count.';

const identity = ({ key, candidate, seed }: Pick<TrialState, 'key' | 'candidate' | 'seed'>) => ({
  key,
  candidate,
  seed,
});

const tryIdentity = ({
  key,
  candidate,
  learningRate,
}: Pick<TryState, 'key' | 'candidate' | 'learningRate'>) => ({
  key,
  candidate,
  learningRate,
});

const withWarning = (environment: Environment, warning: string): Environment => ({
  ...environment,
  warnings: [...environment.warnings, warning],
});

const REMEDY = 'Only lightbench writes this file: restore it from a copy, or run the suite again.';

const requireRunDirectory = async (directory: string): Promise<void> => {
  const missing: string[] = [];
  for (const name of Object.values(RUN_FILES)) {
    if (!(await isFile(join(directory, name)))) missing.push(name);
  }
  if (missing.length > 0) {
    throw new UserError(
      `${directory} is not a run directory: ${missing.join(', ')} missing.`,
      `Name a directory that \`lightbench run\` wrote; it holds ${Object.values(RUN_FILES).join(', ')}.`,
    );
  }
};

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
      `${directory}: ${RUN_FILES.journal} and ${RUN_FILES.plan} are of different runs (${what}).`,
      'Restore both files of one run from a copy, or run the suite again into a new directory.',
    );
  for (const { key, candidate } of plan.trials) {
    if (!candidates.has(candidate)) throw stray(`trial ${key} is of an unknown candidate, ${candidate}`);
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
