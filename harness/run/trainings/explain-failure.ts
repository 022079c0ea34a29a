import type { Plan } from '../../../results/plan/plan.js';
import type { Failure } from '../status/events.js';
import type { Trained } from '../worker/places/training-place.js';
import { batchAdvice } from './batch-advice.js';

/** Why a training of a candidate failed. */
export type Explain = (trained: Trained, candidate: string) => Promise<Failure>;

/** Where memory ran out it says which batch would fit; what fits one training of a candidate fits all, so that it is tried once. */
export const failureExplainer = (plan: Plan, signal?: AbortSignal): Explain => {
  const advice = new Map<string, Promise<string>>();
  return async ({ outcome, machine }, candidate) => {
    if (outcome.say !== 'failed') return { error: 'The worker answered another question.', cause: 'error' };
    const { say: _, ...failure } = outcome;
    // What fits on another machine cannot be found out on this one.
    if (failure.cause !== 'out-of-memory' || machine !== undefined) return failure;
    const fitting = advice.get(candidate) ?? batchAdvice(plan, candidate, signal);
    advice.set(candidate, fitting);
    return { ...failure, error: `${await fitting} ${failure.error}` };
  };
};
