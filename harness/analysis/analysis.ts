/**
 * What a run says, ready to be shown: estimates with intervals, differences with verdicts, rankings that noise cannot make.
 * Accuracies are shares 0..1, latencies milliseconds a batch, intervals 95 %.
 */
import type { CandidateRecord } from '../../results/record.js';
import type { Interval } from '../stats/inference.js';

export const METRICS = ['top1', 'latency', 'params', 'macs', 'flops'] as const;

/** Costs are those of the deploy form. */
export type Metric = (typeof METRICS)[number];

/** What is estimated, with an interval; the others are exact. */
export type MeasuredMetric = Extract<Metric, 'top1' | 'latency'>;

export type { Interval };

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

/** A place in a ranking: one more than the number of candidates decided to be better, directly or by way of others. */
export interface Place {
  readonly candidate: string;
  readonly rank: number;
  /** Candidates that no test separates from this one, and no chain of tests. Two of different rank may be among them. */
  readonly notSeparatedFrom: readonly string[];
}

/** Candidates that may be ranked together: equal in everything but what is compared. */
export interface ComparableGroup {
  readonly group: CandidateRecord['group'];
  readonly candidates: readonly string[];
  /** All pairs of the group, on every metric, each once; a pair of which too little was measured is left out. */
  readonly comparisons: readonly Comparison[];
  /** Best first; candidates of which nothing was measured are left out. */
  readonly rankings: Readonly<Record<Metric, readonly Place[]>>;
  /** Of a full factorial design; empty where the group is none. */
  readonly effects: readonly FactorEffect[];
  readonly fronts: readonly ParetoFront[];
}

/** What a factor does, or two together. */
export interface FactorEffect {
  readonly metric: MeasuredMetric;
  /**
   * One: its main effect, the mean difference between its level and the reference level over all levels of the other factors.
   * Two: their interaction, the difference of the first at the level of the second, less that at the second's reference level.
   */
  readonly of: readonly FactorLevel[];
  /** Of top-1, a difference; of latency, a ratio - 1. */
  readonly effect: number;
  /** Corrected for all effects of the metric. */
  readonly interval: Interval;
  readonly threshold: number;
  /** Better and worse: what going from the reference to the level does. */
  readonly verdict: Verdict;
}

export interface FactorLevel {
  readonly factor: string;
  readonly level: string;
  readonly reference: string;
}

/** Top-1 against a cost. */
export interface ParetoFront {
  readonly cost: Extract<Metric, 'params' | 'macs' | 'latency'>;
  readonly points: readonly {
    readonly candidate: string;
    /** No other estimate is as accurate at less cost, or more accurate at no more. */
    readonly onFront: boolean;
    /** Bootstrap probability that it is on the front. */
    readonly probability: number;
  }[];
}

/** What a run says to a statement of its suite. */
export type ClaimAnswer =
  | {
      readonly state: 'supported' | 'contradicted' | 'undecided';
      readonly claim: string;
      /** Of the left side with the right, corrected for all claims on the metric. */
      readonly comparison: Comparison;
    }
  | { readonly state: 'not-answerable'; readonly claim: string; readonly reason: string };

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
  readonly claims: readonly ClaimAnswer[];
  /** Largest difference in the interval of a network against itself, as a ratio - 1: the noise floor of latency. */
  readonly latencyNoiseFloor: number | null;
  /** What cannot be concluded, and why: one sentence each. */
  readonly cautions: readonly string[];
}
