import type { LatencyResult } from '../../../results/measurement/latency-record.js';
import { ALPHA } from '../../stats/inference.js';
import { type Rounds, roundsInference } from '../../stats/rounds.js';
import { median } from '../../stats/sample.js';

/** The record of one network's rounds. `warmUpRuns` are those before each session; the most of them is recorded. */
export const latencyResult = (
  roundMs: Rounds,
  warmUpRuns: readonly number[],
  {
    batch,
    threads,
    form = 'deploy',
  }: { readonly batch: number; readonly threads: number; readonly form?: LatencyResult['form'] },
): LatencyResult => {
  const all = roundMs.flat();
  const medianMs = median(all);
  const [low, high] = roundsInference(roundMs.map((session) => session.map(Math.log))).interval(ALPHA);
  return {
    form,
    batch,
    threads,
    sessions: roundMs.length,
    rounds: all.length,
    warmupIterations: Math.max(...warmUpRuns),
    medianMs,
    interval95Ms: [Math.min(Math.exp(low), medianMs), Math.max(Math.exp(high), medianMs)],
    roundMs: roundMs.map((session) => [...session]),
  };
};
