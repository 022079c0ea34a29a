/** How far a run is, for whoever shows it. */
import type { EpochRecord, LatencyResult, TrialResult, TryResult } from '../../results/record.js';

interface TrialName {
  readonly candidate: string;
  readonly seed: number;
}

interface TryName {
  readonly candidate: string;
  readonly learningRate: number;
}

export type RunEvent =
  | {
      readonly kind: 'planned';
      readonly directory: string;
      /** Of learning rates; 0 where nothing is tuned. */
      readonly tries: number;
      readonly triesDone: number;
      readonly trials: number;
      readonly done: number;
    }
  | ({ readonly kind: 'try-started' } & TryName)
  | ({ readonly kind: 'try-done'; readonly result: TryResult } & TryName)
  | ({ readonly kind: 'try-diverged'; readonly reason: string } & TryName)
  | ({ readonly kind: 'try-failed'; readonly error: string } & TryName)
  | ({ readonly kind: 'trial-started' } & TrialName)
  | ({ readonly kind: 'trial-progress'; readonly share: number } & TrialName)
  | ({ readonly kind: 'trial-epoch'; readonly epoch: EpochRecord } & TrialName)
  | ({ readonly kind: 'trial-done'; readonly result: TrialResult } & TrialName)
  | ({ readonly kind: 'trial-failed'; readonly error: string } & TrialName)
  /** Share of all training work that is done, and the seconds that the rest will take; null while unknown. */
  | { readonly kind: 'training'; readonly share: number; readonly secondsLeft: number | null }
  | { readonly kind: 'latency-started'; readonly candidates: number }
  | { readonly kind: 'latency-progress'; readonly done: number; readonly total: number }
  | { readonly kind: 'latency-done'; readonly candidate: string; readonly result: LatencyResult }
  | { readonly kind: 'latency-failed'; readonly candidate: string; readonly error: string };

/**
 * Time left from the share of work done: trials weigh by their training MACs, which is roughly how long they take. Only work done
 * since `start` tells the speed; what an earlier run did is not counted.
 */
export const trainingClock = (
  weights: ReadonlyMap<string, number>,
  alreadyDone: readonly string[],
  now: () => number,
): { readonly advance: (key: string, share: number) => Extract<RunEvent, { kind: 'training' }> } => {
  const start = now();
  const shares = new Map<string, number>(alreadyDone.map((key) => [key, 1]));
  const done = (): number =>
    [...shares].reduce((sum, [key, share]) => sum + share * (weights.get(key) ?? 0), 0);
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  const before = done();
  return {
    advance: (key, share) => {
      shares.set(key, share);
      const [current, seconds] = [done(), (now() - start) / 1000];
      const rate = (current - before) / seconds;
      return {
        kind: 'training',
        share: current / total,
        secondsLeft: rate > 0 && seconds > 2 ? (total - current) / rate : null,
      };
    },
  };
};
