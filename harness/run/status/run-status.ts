/** How far a run is, seen from outside: from its folder alone, while it goes on and afterwards. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readJournal } from '../../../results/journal/journal.js';
import { loadRun, PROGRESS_FILE, RUN_FILES, requireRunDirectory } from '../../../results/run/load-run.js';
import { type Progress, progressSchema } from '../../../results/run/progress.js';
import type { Run, TrialState, TryState } from '../../../results/run/run.js';
import type { FailureCause } from '../../../results/training/failure.js';
import type { Owner } from '../../process/owner.js';
import { ownerOf } from '../folder/lock.js';

/** Trials, or tries of learning rates, by what has become of them. */
export interface Counts {
  readonly planned: number;
  readonly done: number;
  /** Of the done ones, those that an earlier run trained. */
  readonly reused: number;
  readonly failed: number;
  readonly running: number;
  readonly pending: number;
}

/** A trial or a try that failed, and why. */
export interface FailedTraining {
  readonly candidate: string;
  /** Null for a try of a learning rate. */
  readonly seed: number | null;
  readonly learningRate: number | null;
  /** Null where an earlier version recorded it. */
  readonly cause: FailureCause | null;
  readonly error: string;
  readonly lastLines: readonly string[];
}

/** How far a run is. */
export interface RunStatus {
  readonly directory: string;
  readonly suite: string;
  /** `stopped` where nobody works on it and something is left to do: it can be resumed. */
  readonly state: 'running' | 'finished' | 'stopped';
  /** Who works on it. */
  readonly owner: Pick<Owner, 'user' | 'host' | 'pid' | 'since'> | null;
  readonly trials: Counts;
  /** Tries of learning rates. */
  readonly tries: Counts;
  readonly running: Progress['running'];
  readonly failed: readonly FailedTraining[];
  /** Candidates. */
  readonly latency: { readonly done: number; readonly failed: number; readonly pending: number };
  /** Rounds of the measurement that goes on; null where none does. */
  readonly latencyRounds: Progress['latency'];
  /** Of the trainings; null where it is unknown. */
  readonly secondsLeft: number | null;
  /** Lines that the journal has lost: what they recorded does not count. */
  readonly missingLines: number;
  /** When something was recorded last. */
  readonly lastEventAt: string;
}

/** How far the run in this folder is, whether it goes on or not. Throws UserError where it is no run, or a file of it is damaged. */
export const runStatus = async (directory: string): Promise<RunStatus> => {
  await requireRunDirectory(directory);
  const owner = ownerOf(directory);
  const progress = owner === null ? null : await readProgress(directory);
  const run = await loadRun(directory);
  const { events, missingLines } = readJournal(join(directory, RUN_FILES.journal));
  const last = events.at(-1);
  const running = progress?.running ?? [];
  const latencies = [...run.latency.values()].map(({ state }) => state);
  const isLeft = [...run.trials, ...run.tries, ...run.latency.values()].some(
    ({ state }) => state === 'pending',
  );
  const count = (state: string): number => latencies.filter((one) => one === state).length;
  return {
    directory,
    suite: run.plan.suite,
    state: owner !== null ? 'running' : last?.event === 'run-finished' && !isLeft ? 'finished' : 'stopped',
    owner: owner && { user: owner.user, host: owner.host, pid: owner.pid, since: owner.since },
    trials: countsOf(run.trials, running.filter(({ seed }) => seed !== null).length),
    tries: countsOf(run.tries, running.filter(({ seed }) => seed === null).length),
    running,
    failed: failuresOf(run),
    latency: { done: count('done'), failed: count('failed'), pending: count('pending') },
    latencyRounds: progress?.latency ?? null,
    secondsLeft: progress?.secondsLeft ?? null,
    missingLines,
    lastEventAt: last?.at ?? '',
  };
};

/** A state that has been told of by both the journal and the progress counts as the journal has it. */
const countsOf = (states: readonly (TrialState | TryState)[], running: number): Counts => {
  const count = (...wanted: readonly string[]): number =>
    states.filter(({ state }) => wanted.includes(state)).length;
  const open = count('pending');
  const now = Math.min(running, open);
  return {
    planned: states.length,
    done: count('done', 'diverged'),
    reused: states.filter((one) => one.state === 'done' && one.from !== undefined).length,
    failed: count('failed'),
    running: now,
    pending: open - now,
  };
};

const failuresOf = ({ trials, tries }: Pick<Run, 'trials' | 'tries'>): FailedTraining[] => [
  ...tries.flatMap((one) =>
    one.state === 'failed'
      ? [{ ...failureOf(one), candidate: one.candidate, seed: null, learningRate: one.learningRate }]
      : [],
  ),
  ...trials.flatMap((one) =>
    one.state === 'failed'
      ? [{ ...failureOf(one), candidate: one.candidate, seed: one.seed, learningRate: null }]
      : [],
  ),
];

const failureOf = ({
  error,
  cause = null,
  lastLines = [],
}: {
  readonly error: string;
  readonly cause?: FailureCause | null;
  readonly lastLines?: readonly string[];
}) => ({ error, cause, lastLines });

/** Null where there is none, or it is none: it may be of another version. */
const readProgress = async (directory: string): Promise<Progress | null> => {
  try {
    return progressSchema.parse(JSON.parse(await readFile(join(directory, PROGRESS_FILE), 'utf8')));
  } catch {
    return null;
  }
};
