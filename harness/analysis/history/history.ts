/** What a history of runs tells: how every metric of every candidate went from run to run, and where it changed. */
import type { HistoryMetric } from '../../../results/history/history.js';
import type { Segment } from '../../stats/change-points.js';
import type { Interval } from '../../stats/inference.js';

export interface RunName {
  readonly folder: string;
  readonly startedAt: string;
  /** Null where the run was not made in a git checkout. */
  readonly commit: string | null;
}

export interface HistoryPoint {
  readonly run: RunName;
  readonly value: number;
  /** 95 %: of a latency as it was measured; of top-1 over seeds, for these test images. Null where there is none. */
  readonly interval: Interval | null;
  /** How many a top-1 is the mean of; null for other metrics. */
  readonly seeds: number | null;
}

export interface ChangePoint {
  /** The last run of the level before. */
  readonly before: RunName;
  /** The first run of the level after. */
  readonly after: RunName;
  readonly from: number;
  readonly to: number;
  /** Of top-1 the difference; of everything else to / from - 1. */
  readonly effect: number;
  readonly kind: 'regression' | 'improvement';
}

/** Why a series is not compared with what was before. */
export interface Break {
  readonly before: RunName;
  readonly after: RunName;
  /** One `what: before and after` each. */
  readonly reasons: readonly string[];
}

/** Values that may be compared: made under equal conditions. */
export interface Series {
  /** Null where it is the first of its track. */
  readonly break: Break | null;
  /** By name, for example `engine.version`. */
  readonly conditions: Readonly<Record<string, string>>;
  /** In the order of the runs. */
  readonly points: readonly HistoryPoint[];
  /** Of the points by position, in the unit of the metric. */
  readonly levels: readonly Segment[];
  readonly changes: readonly ChangePoint[];
}

/** One metric of one candidate. */
export interface Track {
  readonly suite: string;
  readonly candidate: string;
  readonly metric: HistoryMetric;
  /** By their first runs. */
  readonly series: readonly Series[];
}
