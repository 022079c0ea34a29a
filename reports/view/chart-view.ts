/** What charts and the program of the page know of a run: names, looks, estimates and comparisons, all of them JSON. */
import type { ComparableGroup, Estimate, Interval } from '../../harness/analysis/analysis.js';
import type { Metric } from '../../harness/analysis/metrics.js';
import type { CandidateRecord } from '../../results/plan/candidate.js';
import type { Look } from '../palette.js';
import type { RooflineView } from './roofline.js';

/** Shares of the taps of a kernel, row by row; they sum to 1. */
export type Matrix = readonly (readonly number[])[];

/** Of one epoch, over the seeds. */
export interface EpochView {
  readonly epoch: number;
  /** Nats. */
  readonly trainLoss: SeedRange;
  /** Share, 0 to 1. */
  readonly validationTop1: SeedRange;
}

export interface SeedRange {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

export interface ChartCandidate {
  /** Name as it is in the records: what comparisons and trials are found by. */
  readonly id: string;
  /** The name without control characters. */
  readonly name: string;
  /** The name in three lines of a narrow list at most: of long names, what tells them apart. */
  readonly shortName: string;
  /** Short, different for every candidate. */
  readonly label: string;
  readonly look: Look;
  /** `1`, or `1=` where several candidates share the rank; null where the metric ranks no other candidate. */
  readonly rank: Readonly<Record<Metric, string | null>>;
  readonly top1: Estimate | null;
  readonly latencyMs: Estimate | null;
  /** Of every trial that is done. */
  readonly seedTop1: readonly { readonly seed: number; readonly top1: number }[];
  readonly candidate: Pick<CandidateRecord, 'group' | 'budget' | 'channelOperators'> & {
    readonly costs: Pick<CandidateRecord['costs'], 'deploy'>;
  };
  /** By session, in milliseconds a batch; null where latency was not measured. */
  readonly rounds: { readonly roundMs: readonly (readonly number[])[]; readonly medianMs: number } | null;
  readonly epochs: readonly EpochView[];
  /** Mean over seeds, by side. */
  readonly kernels: readonly { readonly kernel: number; readonly matrix: Matrix }[];
}

export interface ChartGroup {
  readonly title: string;
  /** Best rank on top-1 first; those without a result last. */
  readonly candidates: readonly ChartCandidate[];
  /** What the others are compared with: the first candidate of the group in the suite, unless the reader chose another. */
  readonly reference: ChartCandidate;
  readonly comparable: Pick<ComparableGroup, 'comparisons' | 'effects' | 'fronts'>;
}

export interface ChartView {
  readonly groups: readonly ChartGroup[];
  /** Those of all groups, in their order. */
  readonly candidates: readonly ChartCandidate[];
  readonly testImages: number;
  /** Images of a latency measurement. */
  readonly batch: number;
  /** Of latency, as a ratio - 1; null where it is unknown. */
  readonly noiseFloor: number | null;
  /** Where latency was measured on several devices: all of them, the run's own first. */
  readonly devices: readonly DeviceView[];
  /** Where the time goes; null where it was not profiled. */
  readonly roofline: RooflineView | null;
  /** Null where nothing was quantised. */
  readonly int8: Int8View | null;
}

export interface Int8View {
  /** Of drops, as a share: smaller ones do not matter. */
  readonly threshold: number;
  /** By the candidate's id; shares. */
  readonly candidates: Readonly<
    Record<
      string,
      {
        readonly top1: Estimate | null;
        readonly drop: Estimate | null;
        /** Ids of the candidates with which its order is decided one way in float and the other way in int8. */
        readonly turned: readonly string[];
      }
    >
  >;
}

export interface DeviceView {
  readonly name: string;
  /** By the candidate's id. */
  readonly latencyMs: Readonly<
    Record<string, { readonly value: number; readonly interval: Interval | null }>
  >;
}
