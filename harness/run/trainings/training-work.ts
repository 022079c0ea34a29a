/** How long trainings roughly take, and the order that follows. */
import type { Plan } from '../../../results/plan/plan.js';
import type { TrialState } from '../../../results/run/run.js';
import { plannedRecipe } from '../plan/planned.js';

/** Training MACs by trial and try: roughly how long they take. */
export const workOf = (plan: Plan): ReadonlyMap<string, number> => {
  const macs = new Map(plan.candidates.map(({ name, costs }) => [name, costs.train.macs]));
  const tryLength = (plan.conditions.tuning?.epochs ?? 0) / plannedRecipe(plan).epochs;
  return new Map([
    ...(plan.tries ?? []).map(({ key, candidate }) => [key, tryLength * (macs.get(candidate) ?? 0)] as const),
    ...plan.trials.map(({ key, candidate }) => [key, macs.get(candidate) ?? 0] as const),
  ]);
};

/**
 * Seed by seed, so that an interrupted run has compared something; the longest of a seed first, so that the last trials of all, beside
 * which cores fall idle, are short.
 */
export const longestFirst = (
  trials: readonly TrialState[],
  work: ReadonlyMap<string, number>,
): readonly TrialState[] =>
  trials.toSorted((a, b) => a.seed - b.seed || (work.get(b.key) ?? 0) - (work.get(a.key) ?? 0));
