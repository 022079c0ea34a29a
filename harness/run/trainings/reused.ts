/** Trainings that an earlier run has done: their results are recorded at once, and say where they are from. */
import { basename, resolve } from 'node:path';
import type { Journal } from '../../../results/journal/journal.js';
import { weightsPath } from '../../../results/model/weights.js';
import type { Plan } from '../../../results/plan/plan.js';
import type { TrialState, TryState } from '../../../results/run/run.js';
import { type RateChoice, tuningSeed } from '../../../results/run/tuning.js';
import { type Reuse, reuseResults } from '../cache/reuse.js';
import type { RunOptions } from '../run-options.js';
import type { RunEvent, TrainingClock } from '../status/events.js';

/** What no earlier run has done; of the rest `reused` has recorded the results. */
export const notReused = async <T extends { readonly key: string }>(
  open: readonly T[],
  { clock, onEvent }: { readonly clock: TrainingClock; readonly onEvent: (event: RunEvent) => void },
  reused: (one: T) => Promise<boolean>,
): Promise<readonly T[]> => {
  const left: T[] = [];
  for (const one of open) {
    if (await reused(one)) onEvent(clock.skip(one.key));
    else left.push(one);
  }
  return left;
};

interface Scene {
  readonly plan: Plan;
  readonly journal: Journal;
  readonly onEvent: (event: RunEvent) => void;
  readonly reuse: Reuse;
  readonly directory: string;
  readonly options: RunOptions;
}

export const reuseTry = async (
  { plan, journal, onEvent, reuse }: Scene,
  { key, candidate, learningRate }: TryState,
): Promise<boolean> => {
  const found = await reuse.findTry({ candidate, learningRate, seed: tuningSeed(plan) });
  if (found === null) return false;
  const { result, from } = found;
  journal.append({ event: 'try-done', key, candidate, learningRate, result, from, at: now() });
  onEvent({ kind: 'try-done', candidate, learningRate, result, from });
  return true;
};

export const reuseTrial = async (
  { plan, journal, onEvent, reuse, directory, options }: Scene,
  { key, candidate, seed }: TrialState,
  choice: RateChoice | null,
): Promise<boolean> => {
  if (choice?.state === 'none') return false;
  const found = await reuse.findTrial(
    { candidate, seed, learningRate: choice?.learningRate ?? null },
    options.weightBytes === 0 ? undefined : weightsPath(directory, plan, { candidate, seed }),
  );
  if (found === null) return false;
  const { result, from, weights } = found;
  journal.append({ event: 'trial-done', key, candidate, seed, result, from, weights, at: now() });
  onEvent({ kind: 'trial-done', candidate, seed, result, from });
  return true;
};

/** The results of earlier runs for this one. */
export const reuseOf = (plan: Plan, directory: string, journal: Journal, options: RunOptions): Reuse =>
  reuseResults({
    plan,
    folder: options.cache,
    origin: { run: journal.run, folder: basename(resolve(directory)) },
    onTrouble: (problem) => options.onEvent?.({ kind: 'cache-trouble', problem }),
  });

const now = (): string => new Date().toISOString();
