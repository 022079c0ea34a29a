/**
 * What a run says, ready to be shown: estimates with intervals, differences with verdicts, rankings that noise cannot make.
 * Accuracies are shares 0..1, latencies milliseconds a batch, intervals 95 %.
 */

import type { DeviceRecord } from '../../results/measurement/device.js';
import type { LatencyMeasurementRecord } from '../../results/measurement/latency-record.js';
import type { BudgetMetric } from '../../results/plan/budget-metrics.js';
import type { CandidateRecord } from '../../results/plan/candidate.js';
import type { FloatOperation, Int8Setting } from '../../results/training/int8.js';
import type { Interval } from '../stats/inference.js';
import type { Caution } from './caution.js';
import type { Int8Metric, MeasuredMetric, Metric } from './metrics.js';

export type { Interval };

/** A measured value with its 95 % interval. */
export interface Estimate {
  readonly value: number;
  /** Null where too little was measured for one. */
  readonly interval: Interval | null;
}

/** What was measured of one candidate. */
export interface CandidateSummary {
  readonly candidate: CandidateRecord;
  /** Trials by state. */
  readonly seeds: { readonly done: number; readonly failed: number; readonly pending: number };
  /** Mean over seeds; null where no trial is done. */
  readonly top1: Estimate | null;
  /** Null where it was not measured. */
  readonly latencyMs: Estimate | null;
}

/** What is known of a difference: the whole interval lies beyond the threshold on one side, within it, or neither. */
export type Verdict =
  | { readonly state: 'better' | 'worse' | 'tie' }
  | {
      readonly state: 'undecided';
      /** Null where nothing within reason would decide it. */
      readonly needed: Needed | null;
    };

/** What would probably decide a difference. */
export interface Needed {
  readonly unit: 'seeds' | 'rounds';
  readonly count: number;
  /** With fewer nothing is decided, and there is nothing yet to predict from how many would be enough. */
  readonly isLeast?: true;
}

/** One candidate against another on one metric. */
export interface Comparison<M extends Metric | Int8Metric = Metric> {
  readonly metric: M;
  readonly candidate: string;
  readonly reference: string;
  /** Of top-1 and its drop, the difference candidate - reference; of all others, the ratio candidate / reference - 1. */
  readonly effect: number;
  /** Corrected for the family of comparisons that it is shown in; null where the effect is exact, or too little was measured. */
  readonly interval: Interval | null;
  /** An effect within it is of no practical importance. 0 where the metric is exact. */
  readonly threshold: number;
  readonly verdict: Verdict;
  /** Of a top-1 that was looked at several times, the look that decided it, from 1; its effect and interval are of that look. */
  readonly decidedAtLook?: number;
  /** Of top-1, what else differs. */
  readonly otherwise?: Otherwise;
}

/** candidate / reference. */
export interface Otherwise {
  readonly macsRatio: number;
  /** Null where the latency of one was not measured. */
  readonly latencyRatio: number | null;
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
  /** What they are compared as: blocks in one skeleton, or whole networks. */
  readonly group: CandidateRecord['group'];
  readonly candidates: readonly string[];
  /**
   * All pairs of the group, on every metric, each once; a pair of which too little was measured is left out, and on top-1 one of whole
   * networks that differ in parameters or multiply-adds.
   */
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

/** A level of a factor, beside the one that it is compared with: the first. */
export interface FactorLevel {
  readonly factor: string;
  readonly level: string;
  readonly reference: string;
}

/** Top-1 against a cost. */
export interface ParetoFront {
  readonly cost: BudgetMetric;
  readonly points: readonly {
    readonly candidate: string;
    /** No other estimate is as accurate at less cost, or more accurate at no more. */
    readonly onFront: boolean;
    /** How probable it is that it is on the front. */
    readonly probability: number;
  }[];
}

/** What a run says to a statement of its suite. */
export type ClaimAnswer =
  | {
      readonly state: 'supported' | 'contradicted' | 'undecided';
      readonly claim: string;
      /** Of the left side with the right, corrected for all claims on the metric. */
      readonly comparison: Comparison<Metric | Int8Metric>;
    }
  | {
      readonly state: 'not-comparable';
      readonly claim: string;
      readonly reason: { readonly kind: 'unequal-costs'; readonly costs: readonly UnequalCost[] };
    }
  | { readonly state: 'not-answerable'; readonly claim: string; readonly reason: string };

/** A cost of the deploy form in which whole networks differ too much to be ranked by accuracy. */
export interface UnequalCost {
  readonly metric: 'macs' | 'params';
  /** Of the left side to the right. */
  readonly ratio: number;
  /** The most by which the greater may exceed the less, as a ratio. */
  readonly most: number;
}

/** Why candidates are shown apart. */
export interface NotComparable {
  readonly candidates: readonly [string, string];
  /** For example `skeleton: 0c1d2e3f and aa11bb22`, or `macs: 4.04 times as many on one side`. */
  readonly differences: readonly string[];
}

/** The latencies of one device, judged by themselves: nothing is paired, and nothing ranked, across devices. */
export interface DeviceAnalysis {
  /** Null where an earlier version recorded no device. */
  readonly device: DeviceRecord | null;
  readonly noiseFloor: number | null;
  /** Milliseconds a batch. */
  readonly latencyMs: readonly (Estimate & { readonly candidate: string })[];
  /** In the order of the analysis's groups. */
  readonly groups: readonly {
    readonly comparisons: readonly Comparison[];
    readonly ranking: readonly Place[];
  }[];
}

/** A pair that is decided one way on some devices and the other way on others; devices are counted from 0. */
export interface OrderChange {
  readonly candidate: string;
  readonly reference: string;
  /** Where the candidate is faster than the reference. */
  readonly fasterOn: readonly number[];
  readonly slowerOn: readonly number[];
}

/** What quantising its networks does to a candidate. */
export interface Int8Summary {
  readonly candidate: string;
  /** In int8, mean over seeds; null where no trial is done. */
  readonly top1: Estimate | null;
  /** Top-1 in float less that in int8, paired by trial and image. */
  readonly drop: Estimate | null;
  /** Null where it was not measured. */
  readonly latencyMs: Estimate | null;
  /** Latency in float over that in int8, in the same rounds. */
  readonly speedUp: Estimate | null;
  readonly weightBytes: number | null;
  readonly floatOperations: readonly FloatOperation[];
}

/** What the int8 forms of a run say. */
export interface Int8Analysis {
  readonly setting: Int8Setting;
  readonly candidates: readonly Int8Summary[];
  /** In the order of the analysis's groups. */
  readonly groups: readonly {
    readonly comparisons: readonly Comparison<Int8Metric>[];
    /** Of top-1 in int8; the latency is that in int8. */
    readonly fronts: readonly ParetoFront[];
  }[];
  /** Pairs whose top-1 is decided one way in float and the other way in int8. */
  readonly orderChanges: readonly { readonly candidate: string; readonly reference: string }[];
  readonly latencyNoiseFloor: number | null;
  /** As the record of the measurement says. */
  readonly sums: LatencyMeasurementRecord['int8Sums'];
}

/** All that a run says. */
export interface Analysis {
  readonly candidates: readonly CandidateSummary[];
  readonly groups: readonly ComparableGroup[];
  readonly notComparable: readonly NotComparable[];
  readonly claims: readonly ClaimAnswer[];
  /** Largest difference in the interval of a network against itself, as a ratio - 1: the noise floor of latency. */
  readonly latencyNoiseFloor: number | null;
  /** Where latency was measured on several devices: all of them, the run's own first. */
  readonly devices: readonly DeviceAnalysis[];
  /** Null where nothing was quantised. */
  readonly int8: Int8Analysis | null;
  readonly orderChanges: readonly OrderChange[];
  /** What cannot be concluded, and why. */
  readonly cautions: readonly Caution[];
}
