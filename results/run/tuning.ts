/** Which learning rate a candidate's trials take: it follows from the tries in the journal. */
import type { Plan } from '../plan/plan.js';
import type { TryResult } from '../training/trial.js';
import type { Run, TryState } from './run.js';

export type RateChoice =
  | { readonly state: 'chosen'; readonly learningRate: number }
  /** No try is left to choose from, or not every one is known: choosing among fewer than the others had would be unequal. */
  | { readonly state: 'none'; readonly reason: string };

/**
 * The learning rate with the best top-1 on validation after the last epoch, of equal ones the smallest. A try that diverged is lost;
 * one that failed or is pending leaves the choice open. Null where the run tunes nothing.
 */
export const chosenRate = (
  { plan, tries }: Pick<Run, 'plan' | 'tries'>,
  candidate: string,
): RateChoice | null =>
  plan.conditions.tuning === undefined
    ? null
    : chooseRate(tries.filter((one) => one.candidate === candidate));

export const chooseRate = (tries: readonly TryState[]): RateChoice => {
  const unknown = tries.find(({ state }) => state === 'failed' || state === 'pending');
  if (unknown !== undefined) {
    const why = unknown.state === 'failed' ? `failed: ${unknown.error}` : 'is not done';
    return {
      state: 'none',
      reason: `No learning rate is chosen, for the try with ${unknown.learningRate} ${why}`,
    };
  }
  const [best] = tries
    .flatMap((one) => (one.state === 'done' ? [{ ...one, top1: validationTop1(one.result) }] : []))
    .toSorted((a, b) => b.top1 - a.top1 || a.learningRate - b.learningRate);
  if (best !== undefined) return { state: 'chosen', learningRate: best.learningRate };
  const reasons = tries.flatMap((one) => (one.state === 'diverged' ? [one.reason] : []));
  return {
    state: 'none',
    reason: `Training diverged with every learning rate that was tried: ${reasons.join(' ')}`,
  };
};

/** After the last epoch. */
export const validationTop1 = ({ epochs }: TryResult): number => epochs.at(-1)?.validationTop1 ?? 0;

/** Of the tries of learning rates. */
export const tuningSeed = ({ conditions }: Plan): number => conditions.tuning?.seed ?? 0;
