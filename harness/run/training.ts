/** All trainings of a run: the tries of learning rates, then the trials, each in a process of its own, several at a time. */
import { availableParallelism } from 'node:os';
import pMap from 'p-map';
import type { Journal } from '../../results/journal.js';
import type { EpochRecord, Plan, TrialState, TryState } from '../../results/record.js';
import { loadRun } from '../../results/run.js';
import { chosenRate, type RateChoice } from '../../results/tuning.js';
import { batchAdvice } from './batch-advice.js';
import { plannedRecipe } from './planned.js';
import { type RunEvent, trainingClock } from './progress.js';
import type { RunOptions } from './run-options.js';
import { runWorker, type WorkerOutcome } from './worker.js';
import type { Job } from './worker-protocol.js';

/** Does whatever is not done yet. Throws the signal's reason where it is stopped. */
export const train = async (journal: Journal, directory: string, options: RunOptions): Promise<void> => {
  const { plan, tries, trials } = await loadRun(directory);
  const openTries = tries.filter(isOpen);
  const openTrials = trials.filter(({ state }) => state !== 'done');
  const onEvent = options.onEvent ?? (() => {});
  onEvent({
    kind: 'planned',
    directory,
    tries: tries.length,
    triesDone: tries.length - openTries.length,
    trials: trials.length,
    done: trials.length - openTrials.length,
  });
  const open = new Set([...openTries, ...openTrials].map(({ key }) => key));
  const work = workOf(plan);
  const clock = trainingClock(
    work,
    [...work.keys()].filter((key) => !open.has(key)),
    () => performance.now(),
  );
  const scene: Scene = {
    plan,
    journal,
    directory,
    options,
    onEvent,
    advance: clock.advance,
    explain: failureExplainer(plan, options.signal),
  };
  const { jobs: concurrency = availableParallelism(), signal } = options;
  const limits = { concurrency, ...(signal === undefined ? {} : { signal }) };
  await pMap(openTries, (one) => tryRate(scene, one), limits);
  const tuned = { plan, tries: (await loadRun(directory)).tries };
  await pMap(openTrials, (trial) => runTrial(scene, trial, chosenRate(tuned, trial.candidate)), limits);
};

interface Scene {
  readonly plan: Plan;
  readonly journal: Journal;
  readonly directory: string;
  readonly options: RunOptions;
  readonly onEvent: (event: RunEvent) => void;
  readonly advance: ReturnType<typeof trainingClock>['advance'];
  readonly explain: (outcome: WorkerOutcome, candidate: string) => Promise<string>;
}

/** A rate that diverged would do so again. */
const isOpen = ({ state }: TryState): boolean => state === 'pending' || state === 'failed';

/** Training MACs by trial and try: roughly how long they take. */
const workOf = (plan: Plan): ReadonlyMap<string, number> => {
  const macs = new Map(plan.candidates.map(({ name, costs }) => [name, costs.train.macs]));
  const tryLength = (plan.conditions.tuning?.epochs ?? 0) / plannedRecipe(plan).epochs;
  return new Map([
    ...(plan.tries ?? []).map(({ key, candidate }) => [key, tryLength * (macs.get(candidate) ?? 0)] as const),
    ...plan.trials.map(({ key, candidate }) => [key, macs.get(candidate) ?? 0] as const),
  ]);
};

const tryRate = async (scene: Scene, { key, candidate, learningRate }: TryState): Promise<void> => {
  const { plan, journal, directory, onEvent, advance, explain } = scene;
  const rateTry = { key, candidate, learningRate };
  const name = { candidate, learningRate };
  journal.append({ event: 'tuning-started', ...rateTry, at: now() });
  onEvent({ kind: 'try-started', ...name });
  const outcome = await inWorker(scene, { job: 'try', plan, key, directory });
  if (outcome.say === 'try-done') {
    journal.append({ event: 'tuning-done', ...rateTry, result: outcome.result, at: now() });
    onEvent({ kind: 'try-done', ...name, result: outcome.result });
  } else if (outcome.say === 'try-diverged') {
    journal.append({ event: 'tuning-diverged', ...rateTry, reason: outcome.reason, at: now() });
    onEvent({ kind: 'try-diverged', ...name, reason: outcome.reason });
  } else {
    const error = await explain(outcome, candidate);
    journal.append({ event: 'tuning-failed', ...rateTry, error, at: now() });
    onEvent({ kind: 'try-failed', ...name, error });
  }
  onEvent(advance(key, 1));
};

const runTrial = async (
  scene: Scene,
  { key, candidate, seed }: TrialState,
  choice: RateChoice | null,
): Promise<void> => {
  const { plan, journal, directory, onEvent, advance, explain } = scene;
  const trial = { key, candidate, seed };
  const fail = (error: string): void => {
    journal.append({ event: 'trial-failed', ...trial, error, at: now() });
    onEvent({ kind: 'trial-failed', candidate, seed, error });
  };
  if (choice?.state === 'none') {
    fail(choice.reason);
  } else {
    journal.append({ event: 'trial-started', ...trial, at: now() });
    onEvent({ kind: 'trial-started', candidate, seed });
    const outcome = await inWorker(
      scene,
      {
        job: 'trial',
        plan,
        key,
        directory,
        ...(choice === null ? {} : { learningRate: choice.learningRate }),
      },
      (event) => onEvent({ ...event, candidate, seed }),
    );
    if (outcome.say === 'trial-done') {
      journal.append({ event: 'trial-done', ...trial, result: outcome.result, at: now() });
      onEvent({ kind: 'trial-done', candidate, seed, result: outcome.result });
    } else {
      fail(await explain(outcome, candidate));
    }
  }
  onEvent(advance(key, 1));
};

type TrialStep =
  | { readonly kind: 'trial-progress'; readonly share: number }
  | { readonly kind: 'trial-epoch'; readonly epoch: EpochRecord };

const inWorker = (
  { onEvent, advance, options: { signal } }: Scene,
  job: Extract<Job, { readonly key: string }>,
  onStep: (step: TrialStep) => void = () => {},
): Promise<WorkerOutcome> =>
  runWorker(job, {
    onProgress: (done, total) => {
      onStep({ kind: 'trial-progress', share: done / total });
      onEvent(advance(job.key, done / total));
    },
    onEpoch: (epoch) => onStep({ kind: 'trial-epoch', epoch }),
    ...(signal === undefined ? {} : { signal }),
  });

/** Where memory ran out it says which batch would fit; what fits one training of a candidate fits all, so that it is tried once. */
const failureExplainer = (plan: Plan, signal?: AbortSignal): Scene['explain'] => {
  const advice = new Map<string, Promise<string>>();
  return async (outcome, candidate) => {
    if (outcome.say !== 'failed') return 'The worker answered another question.';
    if (!outcome.outOfMemory) return outcome.error;
    const fitting = advice.get(candidate) ?? batchAdvice(plan, candidate, signal);
    advice.set(candidate, fitting);
    return `${await fitting} ${outcome.error}`;
  };
};

const now = (): string => new Date().toISOString();
