/** Latency as evidence: logarithms of times, paired by round. */
import type { LatencyResult } from '../../../results/measurement/latency-record.js';
import type { Run } from '../../../results/run/run.js';
import { ALPHA } from '../../stats/inference.js';
import { lookLevels } from '../../stats/looks.js';
import { unitsNeeded } from '../../stats/needed.js';
import { logContrast, type Rounds, roundsInference } from '../../stats/rounds.js';
import type { Evidence } from './evidence.js';

const MOST_SESSIONS = 100;

/** What was measured, by candidate. */
export type Latencies = ReadonlyMap<string, LatencyResult>;

export const latenciesOf = ({ latency }: Pick<Run, 'latency'>): Latencies =>
  new Map(
    [...latency].flatMap(([candidate, state]) => (state.state === 'done' ? [[candidate, state.result]] : [])),
  );

/** What is left of the level for a family of latencies, after the looks at which the measurement might have ended. */
export const latencyAlpha = ({ latencyMeasurement }: Pick<Run, 'latencyMeasurement'>): number =>
  lookLevels(latencyMeasurement?.earlyLooks ?? 0).last;

/**
 * `threshold` is a ratio - 1. Two differ only beyond the noise floor too, where that is higher: what a network seems to differ from
 * itself by is no difference between two. It is no tie either: noise does not make two alike.
 */
export const latencyEvidence = (
  latencies: Latencies,
  threshold: number,
  noiseFloor: number | null,
  alpha = ALPHA,
): Evidence => {
  const limits = { within: Math.log1p(threshold), beyond: Math.log1p(Math.max(threshold, noiseFloor ?? 0)) };
  return {
    metric: 'latency',
    alpha,
    direction: 'lower-is-better',
    contrast: (weights) => {
      const series: { weight: number; rounds: Rounds }[] = [];
      for (const [candidate, weight] of weights) {
        const rounds = latencies.get(candidate)?.roundMs;
        if (rounds === undefined || !isPaired(rounds, series[0]?.rounds ?? rounds)) return null;
        series.push({ weight, rounds });
      }
      return roundsInference(logContrast(series));
    },
    limits,
    shown: Math.expm1,
    needed: (inference, level) => {
      const [{ rounds, sessions } = { rounds: 0, sessions: 1 }] = latencies.values();
      const count = unitsNeeded(inference, { limits, alpha: level, most: MOST_SESSIONS });
      return count === null ? null : { unit: 'rounds', count: Math.ceil((count * rounds) / sessions) };
    },
  };
};

/** Largest difference in the interval of the reference against itself, as a ratio - 1; null where it was not measured twice. */
export const noiseFloorOf = ({
  latency,
  latencyControl,
}: Pick<Run, 'latency' | 'latencyControl'>): number | null => {
  const reference = latencyControl === null ? null : latency.get(latencyControl.candidate);
  if (latencyControl === null || reference?.state !== 'done') return null;
  const twice = [reference.result.roundMs, latencyControl.result.roundMs] as const;
  if (!isPaired(...twice)) return null;
  const [low, high] = roundsInference(
    logContrast([
      { weight: 1, rounds: twice[0] },
      { weight: -1, rounds: twice[1] },
    ]),
  ).interval(ALPHA);
  return Math.expm1(Math.max(Math.abs(low), Math.abs(high)));
};

const isPaired = (one: Rounds, other: Rounds): boolean =>
  one.length === other.length && one.every((session, s) => session.length === other[s]?.length);
