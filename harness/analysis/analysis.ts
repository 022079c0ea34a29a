/**
 * What a run says, ready to be shown: estimates with intervals, differences with verdicts, rankings that noise cannot make.
 * Accuracies are shares 0..1, latencies milliseconds a batch, intervals 95 %.
 */
import type { CandidateRecord } from '../../results/record.js';

export const METRICS = ['top1', 'latency', 'params', 'macs', 'flops'] as const;

/** Costs are those of the deploy form. */
export type Metric = (typeof METRICS)[number];

export type Interval = readonly [low: number, high: number];

export interface Estimate {
  readonly value: number;
  /** Null where too little was measured for one. */
  readonly interval: Interval | null;
}

export interface CandidateSummary {
  readonly candidate: CandidateRecord;
  /** Trials by state. */
  readonly seeds: { readonly done: number; readonly failed: number; readonly pending: number };
  /** Mean over seeds; null where no trial is done. */
  readonly top1: Estimate | null;
  /** Null where it was not measured. */
  readonly latencyMs: Estimate | null;
}

export type Verdict =
  | { readonly state: 'better' | 'worse' | 'tie' }
  | {
      readonly state: 'undecided';
      /** What would probably decide it; null where nothing within reason would. */
      readonly needed: { readonly unit: 'seeds' | 'rounds'; readonly count: number } | null;
    };

/** One candidate against another on one metric. */
export interface Comparison {
  readonly metric: Metric;
  readonly candidate: string;
  readonly reference: string;
  /** Of top-1, the difference candidate - reference; of all others, the ratio candidate / reference - 1. */
  readonly effect: number;
  /** Corrected for the family of comparisons that it is shown in; null where the effect is exact, or too little was measured. */
  readonly interval: Interval | null;
  /** An effect within it is of no practical importance. 0 where the metric is exact. */
  readonly threshold: number;
  readonly verdict: Verdict;
}

/** A place in a ranking: one more than the number of candidates decided to be better. */
export interface Place {
  readonly candidate: string;
  readonly rank: number;
  /** Candidates that no test separates from this one. */
  readonly notSeparatedFrom: readonly string[];
}

/** Candidates that may be ranked together: equal in everything but what is compared. */
export interface ComparableGroup {
  readonly group: CandidateRecord['group'];
  readonly candidates: readonly string[];
  /** All pairs of the group, on every metric. */
  readonly comparisons: readonly Comparison[];
  readonly rankings: Readonly<Record<Metric, readonly Place[]>>;
}

/** Why candidates are shown apart. */
export interface NotComparable {
  readonly candidates: readonly [string, string];
  /** For example `skeleton: 0c1d2e3f and aa11bb22`. */
  readonly differences: readonly string[];
}

export interface Analysis {
  readonly candidates: readonly CandidateSummary[];
  readonly groups: readonly ComparableGroup[];
  readonly notComparable: readonly NotComparable[];
  /** Half the width of the interval of a network against itself, as a ratio: the noise floor of latency. */
  readonly latencyNoiseFloor: number | null;
  /** What cannot be concluded, and why: one sentence each. */
  readonly cautions: readonly string[];
}
