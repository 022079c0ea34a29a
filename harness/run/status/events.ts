/** How far a run is, for whoever shows it. */

import type { DamagedLine } from '../../../results/journal/journal-lines.js';
import type { DeviceKind } from '../../../results/measurement/device.js';
import type { LatencyResult } from '../../../results/measurement/latency-record.js';
import type { FailureCause } from '../../../results/training/failure.js';
import type { Origin } from '../../../results/training/origin.js';
import type { EpochRecord, TrialResult, TryResult } from '../../../results/training/trial.js';
import type { TrialName } from '../../analysis/caution.js';

/** What names a try of a learning rate within its run. */
export interface TryName {
  readonly candidate: string;
  readonly learningRate: number;
}

/** What happens among the machines of a run, where trials are trained by workers. `machine` is a name for people. */
export type FleetEvent =
  | { readonly kind: 'worker-joined'; readonly machine: string; readonly jobs: number }
  | { readonly kind: 'worker-left'; readonly machine: string }
  | { readonly kind: 'worker-refused'; readonly machine: string; readonly reason: string }
  /** Latency is measured on a device of another machine; null where that went well. */
  | { readonly kind: 'device-started'; readonly machine: string }
  | { readonly kind: 'device-done'; readonly machine: string; readonly error: string | null }
  /** Redis refused something; it is tried again. */
  | { readonly kind: 'fleet-trouble'; readonly reason: string };

/** Why a training failed. */
export interface Failure {
  readonly error: string;
  readonly cause: FailureCause;
  /** The last lines that its process wrote. */
  readonly lastLines?: readonly string[];
}

/** What happens in a run, as it happens. */
export type RunEvent =
  | FleetEvent
  /** Lines of the journal that did not count were taken out; `keptIn` is the journal as it was. */
  | { readonly kind: 'journal-repaired'; readonly damaged: readonly DamagedLine[]; readonly keptIn: string }
  /** The cache, or a result in it, cannot be used: the run does without. */
  | { readonly kind: 'cache-trouble'; readonly problem: string }
  | {
      readonly kind: 'planned';
      readonly directory: string;
      /** Of learning rates; 0 where nothing is tuned. */
      readonly tries: number;
      readonly triesDone: number;
      readonly trials: number;
      readonly done: number;
    }
  /** A file of decoded images in the cache was damaged, and is made anew. */
  | { readonly kind: 'data-rebuilt'; readonly file: string }
  /** `where` is the machine, where it is another than that of the run. */
  | ({ readonly kind: 'try-started'; readonly where?: string } & TryName)
  | ({ readonly kind: 'try-done'; readonly result: TryResult; readonly from?: Origin } & TryName)
  | ({ readonly kind: 'try-diverged'; readonly reason: string } & TryName)
  | ({ readonly kind: 'try-failed' } & Failure & TryName)
  | ({ readonly kind: 'trial-started'; readonly where?: string } & TrialName)
  | ({ readonly kind: 'trial-progress'; readonly share: number } & TrialName)
  | ({ readonly kind: 'trial-epoch'; readonly epoch: EpochRecord } & TrialName)
  | ({ readonly kind: 'trial-done'; readonly result: TrialResult; readonly from?: Origin } & TrialName)
  | ({ readonly kind: 'trial-failed' } & Failure & TrialName)
  /** It failed in a way that can pass, and begins again. */
  | ({ readonly kind: 'trial-retried' } & Failure & TrialName)
  | ({ readonly kind: 'try-retried' } & Failure & TryName)
  /** Share of all training work that is done, and the seconds that the rest will take; null while unknown. */
  | { readonly kind: 'training'; readonly share: number; readonly secondsLeft: number | null }
  | { readonly kind: 'latency-started'; readonly candidates: number; readonly device: DeviceKind }
  | { readonly kind: 'latency-progress'; readonly done: number; readonly total: number }
  | { readonly kind: 'latency-done'; readonly candidate: string; readonly result: LatencyResult }
  | { readonly kind: 'latency-failed'; readonly candidate: string; readonly error: string };

type TrainingStep = Extract<RunEvent, { kind: 'training' }>;

export interface TrainingClock {
  readonly advance: (key: string, share: number) => TrainingStep;
  /** The same of what took no work: it tells nothing of the speed. */
  readonly skip: (key: string) => TrainingStep;
}

/**
 * Time left from the share of work done: trials weigh by their training MACs, which is roughly how long they take. Only work done
 * since `start` tells the speed; what an earlier run did is not counted.
 */
export const trainingClock = (
  weights: ReadonlyMap<string, number>,
  alreadyDone: readonly string[],
  now: () => number,
): TrainingClock => {
  const start = now();
  const shares = new Map<string, number>(alreadyDone.map((key) => [key, 1]));
  const done = (): number =>
    [...shares].reduce((sum, [key, share]) => sum + share * (weights.get(key) ?? 0), 0);
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  let before = done();
  const advance: TrainingClock['advance'] = (key, share) => {
    shares.set(key, share);
    const [current, seconds] = [done(), (now() - start) / 1000];
    const rate = (current - before) / seconds;
    return {
      kind: 'training',
      share: current / total,
      secondsLeft: rate > 0 && seconds > 2 ? (total - current) / rate : null,
    };
  };
  return {
    advance,
    skip: (key) => {
      before += (1 - (shares.get(key) ?? 0)) * (weights.get(key) ?? 0);
      return advance(key, 1);
    },
  };
};
