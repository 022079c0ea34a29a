/** All trainings of a run: the tries of learning rates, then the trials, several at a time, here or on other machines. */
import type { Journal } from '../../../results/journal/journal.js';
import { weightsPath } from '../../../results/model/weights.js';
import type { Plan } from '../../../results/plan/plan.js';
import { loadRun } from '../../../results/run/load-run.js';
import type { TrialState, TryState } from '../../../results/run/run.js';
import { chosenRate, type RateChoice, tuningSeed } from '../../../results/run/tuning.js';
import type { EpochRecord } from '../../../results/training/trial.js';
import { UserError } from '../../user/user-error.js';
import { MOST_WEIGHT_BYTES } from '../../weights/keep.js';
import type { Reuse } from '../cache/reuse.js';
import { dropTraining } from '../folder/checkpoint-file.js';
import { shareDataset } from '../plan/planned.js';
import { withRetries } from '../retries.js';
import type { RunOptions } from '../run-options.js';
import { type Failure, type RunEvent, type TrainingClock, trainingClock } from '../status/events.js';
import type { Trained, Training, TrainingPlace, Trainings } from '../worker/places/training-place.js';
import { type Explain, failureExplainer } from './explain-failure.js';
import { inParallel } from './in-parallel.js';
import { notReused, reuseOf, reuseTrial, reuseTry } from './reused.js';
import { longestFirst, workOf } from './training-work.js';

/** Does whatever is not done yet, what has failed only where it is to be done again. Throws the signal's reason where it is stopped. */
export const train = async (
  journal: Journal,
  directory: string,
  place: TrainingPlace,
  options: RunOptions,
  again: 'failed-too' | 'pending-only' = 'failed-too',
): Promise<void> => {
  const { plan, tries, trials } = await loadRun(directory);
  const reuse = reuseOf(plan, directory, journal, options);
  const isWanted = (state: string): boolean =>
    state === 'pending' || (state === 'failed' && again === 'failed-too');
  const openTries = tries.filter(({ state }) => isWanted(state));
  const openTrials = trials.filter(({ state }) => isWanted(state));
  const work = workOf(plan);
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
  const clock = trainingClock(
    work,
    [...work.keys()].filter((key) => !open.has(key)),
    () => performance.now(),
  );
  const scene: Omit<Scene, 'signal' | 'trainings'> = {
    plan,
    journal,
    directory,
    place,
    options,
    onEvent,
    advance: clock.advance,
    reuse,
    explain: failureExplainer(plan, options.signal),
  };
  if (open.size > 0) await share(plan, onEvent);
  const { signal } = options;
  const inTurn = async <T extends { readonly key: string }>(
    all: readonly T[],
    train: (scene: Scene, one: T) => Promise<void>,
  ): Promise<void> => {
    const trainings = place.begin(
      plan,
      directory,
      all.map(({ key }) => key),
    );
    await inParallel(all, { concurrency: place.atOnce, signal }, (one, stop) =>
      train({ ...scene, trainings, signal: stop }, one),
    ).finally(trainings.close);
  };
  const untried = await notReused(openTries, { clock, onEvent }, (one) => reuseTry(scene, one));
  await inTurn(untried, tryRate);
  const tuned = { plan, tries: (await loadRun(directory)).tries };
  const untrained = await notReused(longestFirst(openTrials, work), { clock, onEvent }, (trial) =>
    reuseTrial(scene, trial, chosenRate(tuned, trial.candidate)),
  );
  await inTurn(untrained, (one, trial) => runTrial(one, trial, chosenRate(tuned, trial.candidate)));
};

/** Where the data cannot be had, every trial says why. */
const share = async (plan: Plan, onEvent: Scene['onEvent']): Promise<void> => {
  const damaged = await shareDataset(plan).catch((error: unknown) => {
    if (error instanceof UserError) return null;
    throw error;
  });
  if (damaged !== null) onEvent({ kind: 'data-rebuilt', file: damaged });
};

interface Scene {
  readonly plan: Plan;
  readonly journal: Journal;
  readonly directory: string;
  readonly place: TrainingPlace;
  readonly options: RunOptions;
  readonly onEvent: (event: RunEvent) => void;
  readonly advance: TrainingClock['advance'];
  readonly reuse: Reuse;
  readonly trainings: Trainings;
  readonly explain: Explain;
  /** Of the user, or of a failure that ends the run. */
  readonly signal: AbortSignal;
}

const tryRate = async (scene: Scene, { key, candidate, learningRate }: TryState): Promise<void> => {
  const { plan, journal, directory, place, onEvent, advance, explain, reuse } = scene;
  const rateTry = { key, candidate, learningRate };
  const name = { candidate, learningRate };
  const { outcome, ...by } = await withRetries(
    scene,
    () => {
      const onStart = (machine: string | null): void => {
        journal.append({ event: 'try-started', ...rateTry, at: now() });
        onEvent({ kind: 'try-started', ...name, ...whereOf(machine) });
      };
      return trained(scene, { task: 'try', ...rateTry }, onStart);
    },
    (failure) => {
      journal.append({ event: 'try-failed', ...rateTry, ...recorded(failure), at: now() });
      place.recorded(key);
      onEvent({ kind: 'try-retried', ...name, ...failure });
    },
  );
  if (outcome.say === 'try-done') {
    journal.append({ event: 'try-done', ...rateTry, result: outcome.result, ...fromOf(by), at: now() });
    onEvent({ kind: 'try-done', ...name, result: outcome.result, ...fromOf(by) });
    if (by.machine === undefined) await reuse.keepTry({ ...name, seed: tuningSeed(plan) }, outcome.result);
  } else if (outcome.say === 'try-diverged') {
    journal.append({ event: 'try-diverged', ...rateTry, reason: outcome.reason, at: now() });
    onEvent({ kind: 'try-diverged', ...name, reason: outcome.reason });
  } else {
    const failure = await explain({ outcome, ...by }, candidate);
    journal.append({ event: 'try-failed', ...rateTry, ...recorded(failure), at: now() });
    onEvent({ kind: 'try-failed', ...name, ...failure });
  }
  place.recorded(key);
  if (outcome.say !== 'failed') await dropTraining(directory, key);
  onEvent(advance(key, 1));
};

const runTrial = async (
  scene: Scene,
  { key, candidate, seed }: TrialState,
  choice: RateChoice | null,
): Promise<void> => {
  const { plan, journal, directory, place, onEvent, advance, explain, reuse, options } = scene;
  const trial = { key, candidate, seed };
  const fail = (kind: 'trial-failed' | 'trial-retried', failure: Failure): void => {
    journal.append({ event: 'trial-failed', ...trial, ...recorded(failure), at: now() });
    onEvent({ kind, candidate, seed, ...failure });
  };
  if (choice?.state === 'none') {
    fail('trial-failed', { error: choice.reason, cause: 'error' });
  } else {
    const tuned = choice === null ? {} : { learningRate: choice.learningRate };
    const { weightBytes = MOST_WEIGHT_BYTES } = options;
    const kept = weightBytes === 0 ? {} : { weightBytes };
    const onStart = (machine: string | null): void => {
      journal.append({ event: 'trial-started', ...trial, at: now() });
      onEvent({ kind: 'trial-started', candidate, seed, ...whereOf(machine) });
    };
    const { outcome, ...by } = await withRetries(
      scene,
      () =>
        trained(scene, { task: 'trial', ...trial, ...tuned, ...kept }, onStart, (event) =>
          onEvent({ ...event, candidate, seed }),
        ),
      (failure) => {
        fail('trial-retried', failure);
        place.recorded(key);
      },
    );
    if (outcome.say === 'trial-done') {
      const { result, weights } = outcome;
      journal.append({ event: 'trial-done', ...trial, result, weights, ...by, at: now() });
      onEvent({ kind: 'trial-done', candidate, seed, result, ...fromOf(by) });
      const learningRate = choice?.learningRate ?? null;
      // The cache is of what this machine gives.
      if (by.machine === undefined) {
        const file = weightsPath(directory, plan, { candidate, seed });
        await reuse.keepTrial({ candidate, seed, learningRate }, { result, weights }, file);
      }
      await dropTraining(directory, key);
    } else {
      fail('trial-failed', await explain({ outcome, ...by }, candidate));
    }
    place.recorded(key);
  }
  onEvent(advance(key, 1));
};

type TrialStep =
  | { readonly kind: 'trial-progress'; readonly share: number }
  | { readonly kind: 'trial-epoch'; readonly epoch: EpochRecord };

const trained = (
  { trainings, onEvent, advance, signal, options: { limits = {} } }: Scene,
  training: Training,
  onStart: (machine: string | null) => void,
  onStep: (step: TrialStep) => void = () => {},
): Promise<Trained> =>
  trainings.train(training, {
    onStart,
    onProgress: (done, total) => {
      onStep({ kind: 'trial-progress', share: done / total });
      onEvent(advance(training.key, done / total));
    },
    onEpoch: (epoch) => onStep({ kind: 'trial-epoch', epoch }),
    limits,
    signal,
  });

/** As the journal keeps it. */
const recorded = ({ lastLines, ...failure }: Failure) => ({
  ...failure,
  ...(lastLines === undefined ? {} : { lastLines: [...lastLines] }),
});

const fromOf = ({ from }: Pick<Trained, 'from'>) => (from === undefined ? {} : { from });

const whereOf = (machine: string | null) => (machine === null ? {} : { where: machine });

const now = (): string => new Date().toISOString();
