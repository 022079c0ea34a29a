/** What was measured in rounds, in the form that comparisons, claims and factor effects are made from. */
import { type Judgement, judgeFamily } from '../../stats/family.js';
import type { Inference, Interval } from '../../stats/inference.js';
import type { Direction, Limits } from '../../stats/verdict.js';
import type { Needed, Verdict } from '../analysis.js';
import type { MeasuredMetric } from '../metrics.js';

/** Weights by candidate; those of a difference add up to 0. */
export type Weights = ReadonlyMap<string, number>;

/** Latencies of all candidates, on a scale on which effects add: their logarithms. */
export interface Evidence {
  readonly metric: MeasuredMetric;
  readonly direction: Direction;
  /** The weighted sum of candidates, paired by what they share; null where they share nothing. */
  readonly contrast: (weights: Weights) => Inference | null;
  /** Chance of a false verdict in a family. */
  readonly alpha: number;
  /** On the scale. */
  readonly limits: Limits;
  /** From the scale to what is shown. */
  readonly shown: (value: number) => number;
  /** What would probably decide it. */
  readonly needed: (inference: Inference, alpha: number) => Needed | null;
}

/** An effect as it is shown. */
export interface ShownEffect {
  readonly effect: number;
  readonly interval: Interval;
  readonly threshold: number;
  readonly verdict: Verdict;
}

export const difference = (candidate: string, reference: string): Weights =>
  new Map([
    [candidate, 1],
    [reference, -1],
  ]);

/** Judges inferences on one metric as the family that is shown together. */
export const judge = (evidence: Evidence, inferences: readonly Inference[]): readonly Judgement[] => {
  const { alpha, limits, direction } = evidence;
  return judgeFamily(
    inferences.map((inference) => ({ inference, limits, direction })),
    alpha,
  );
};

export const showEffect = (
  { shown, needed }: Evidence,
  { difference: { inference, limits }, state, alpha, interval: [low, high] }: Judgement,
): ShownEffect => ({
  effect: shown(inference.value),
  interval: [shown(low), shown(high)],
  threshold: shown(limits.within),
  verdict: state === 'undecided' ? { state, needed: needed(inference, alpha) } : { state },
});
