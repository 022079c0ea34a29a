/** What may be compared, wherever it comes from: a run, a baseline, or today's code. */
import type { BaselineAccuracy, BaselineEntry } from '../../../results/baseline.js';
import type { OperationCosts } from '../../../results/model/cost-rows.js';
import type { ModelRecord } from '../../../results/model/model-record.js';
import type { Plan } from '../../../results/plan/plan.js';
import type { Thresholds } from '../../../results/plan/thresholds.js';
import type { Environment } from '../../../results/run/environment.js';

export interface Snapshot {
  readonly kind: 'run' | 'baseline' | 'code';
  /** As the user named it. */
  readonly name: string;
  /** What builds it again: `catalogue`, or what loads its suite. */
  readonly source: string;
  /** Whether accuracies came with it; those of a baseline are of the run that it was made of. */
  readonly madeOf: 'code' | 'run';
  readonly environment: Environment;
  readonly entries: readonly SnapshotEntry[];
  /** Id of the suite's data set; absent where there is no suite, or a former version did not keep it. */
  readonly dataset?: string;
  /** How its models are measured; null where it has none by its nature. */
  readonly latency: Plan['latency'] | null;
  /** What is of no practical importance; those of the baseline hold, as agreed before the change. */
  readonly thresholds: Thresholds;
  readonly accuracy: BaselineAccuracy | null;
}

/** Costs and models are read, or made, when they are asked for. */
export interface SnapshotEntry extends Omit<BaselineEntry, 'costs' | 'model'> {
  /** Null where it was not kept. */
  readonly operations: (() => Promise<OperationCosts>) | null;
  /** Null where it was not kept, or never exported. */
  readonly model: (() => Promise<SnapshotModel>) | null;
  /** Of a run: why it has no latency, and why none of its seeds was trained. */
  readonly failed?: { readonly latency?: string; readonly training?: string };
}

export interface SnapshotModel {
  readonly record: ModelRecord;
  /** Null where the file is not there. Throws UserError where it is damaged. */
  readonly read: () => Promise<Uint8Array | null>;
}
