/** What cannot be concluded from a run, with its numbers: `reports/wording/cautions.ts` words it. */

import type { Warning } from '../../results/measurement/warning.js';
import type { BudgetMetric } from '../../results/plan/budget-metrics.js';

/** What names a trial within its run. */
export interface TrialName {
  readonly candidate: string;
  readonly seed: number;
}

/** Those of the plan's trials that a caution is about. */
export interface SomeTrials {
  readonly trials: readonly TrialName[];
  /** All trials of the plan. */
  readonly of: number;
}

/** Something that cannot be concluded, or only with care. */
export type Caution =
  | ({ readonly kind: 'trials-failed' } & SomeTrials)
  | ({ readonly kind: 'trials-pending' } & SomeTrials)
  /** Their top-1 is that of guessing. */
  | ({ readonly kind: 'learned-nothing' } & SomeTrials)
  /** Their top-1 is one that guessing may reach on so few test images: up to `guessing`, 0..1. */
  | ({ readonly kind: 'lost-in-chance'; readonly testImages: number; readonly guessing: number } & SomeTrials)
  /** Of every candidate: nothing is known about the variance between seeds. */
  | { readonly kind: 'one-seed'; readonly recommended: number }
  /** The fewest of a candidate; of one, nothing is known about the variance between seeds. */
  | { readonly kind: 'few-seeds'; readonly seeds: number; readonly recommended: number }
  /** They did best at the lowest or the highest learning rate that was tried. */
  | {
      readonly kind: 'rate-at-edge';
      readonly candidates: readonly { readonly candidate: string; readonly learningRate: number }[];
      readonly lowest: number;
      readonly highest: number;
    }
  | { readonly kind: 'several-looks' }
  | { readonly kind: 'no-latency' }
  | {
      readonly kind: 'latency-missing';
      readonly candidates: readonly { readonly candidate: string; readonly state: 'failed' | 'pending' }[];
    }
  /** They have a result in float, and none in int8; the reason of the first. */
  | ({ readonly kind: 'int8-failed'; readonly reason: string } & SomeTrials)
  /** Networks were tested in int8, but the engine is not timed in it. */
  | { readonly kind: 'no-int8-latency'; readonly engine: string; readonly device: string }
  | { readonly kind: 'one-session'; readonly recommended: number }
  /** The fewest of a candidate, from two on. */
  | { readonly kind: 'few-sessions'; readonly sessions: number; readonly recommended: number }
  /** The reference was not measured twice. */
  | { readonly kind: 'no-control' }
  /** As ratios - 1. */
  | { readonly kind: 'noise-floor'; readonly floor: number; readonly threshold: number }
  | { readonly kind: 'machine'; readonly warning: Warning }
  | { readonly kind: 'budget-of-this-machine' }
  /** Of the run's measurement, as a share of the target. */
  | { readonly kind: 'off-latency-budget'; readonly candidate: string; readonly residual: number }
  | {
      readonly kind: 'no-knob';
      readonly candidate: string;
      readonly metric: BudgetMetric;
      readonly residual: number;
    }
  /** Two or more. */
  | { readonly kind: 'same-network'; readonly candidates: readonly string[] }
  /** Factors whose candidates are not one for every combination of levels. */
  | { readonly kind: 'incomplete-design'; readonly candidates: number; readonly combinations: number };
