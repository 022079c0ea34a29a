/** Latency: what need be measured, and what a measurement of both sides in one process says. Pure. */
import { isDeepStrictEqual } from 'node:util';
import type { LatencyState } from '../../../results/run/run.js';
import { latencyEvidence, noiseFloorOf } from '../../analysis/evidence/latency.js';
import type { LatencyMeasurement } from '../../measure/latency/latency-measurement.js';
import type { SnapshotModel } from '../snapshot/snapshot.js';
import type { MeasuredComparison, MeasuredEntry } from './comparison.js';
import { judgeEntries, type Sides } from './judge.js';

/** Whether both models are one, under one set of options: a tie by identity. */
export const isIdentical = ({ record: one }: SnapshotModel, { record: other }: SnapshotModel): boolean =>
  isDeepStrictEqual(one, other);

/** Why two models cannot be timed against each other, or null. */
export const obstacle = ({ record: one }: SnapshotModel, { record: other }: SnapshotModel): string | null =>
  one.batch === other.batch ? null : `batch: ${one.batch} and ${other.batch}`;

export const sidesOf = (name: string): Sides => ({
  name,
  before: `baseline of ${name}`,
  after: `current ${name}`,
});

/** `stored` are the milliseconds that the baseline recorded then, by entry; `threshold` is a ratio - 1. */
export const judgeLatency = (
  names: readonly string[],
  { outcomes, control }: LatencyMeasurement,
  stored: ReadonlyMap<string, number>,
  threshold: number,
): Pick<Extract<MeasuredComparison, { state: 'compared' }>, 'entries' | 'noiseFloor'> => {
  const states = new Map<string, LatencyState>(
    outcomes.map(({ candidate, outcome }) => [candidate, outcome]),
  );
  const done = new Map(
    outcomes.flatMap(({ candidate, outcome }) =>
      outcome.state === 'done' ? [[candidate, outcome.result] as const] : [],
    ),
  );
  const noiseFloor = noiseFloorOf({ latency: states, latencyControl: control });
  const evidence = latencyEvidence(done, threshold, noiseFloor);
  const judged = judgeEntries(evidence, names.map(sidesOf));
  const entries = names.map((name): MeasuredEntry => {
    const sides = sidesOf(name);
    const [before, after] = [done.get(sides.before), done.get(sides.after)];
    const judgement = judged.get(name);
    if (!judgement || !before || !after) {
      const state = before && states.get(sides.after)?.state === 'failed' ? 'broken' : 'not-comparable';
      return { name, state, reason: failureOf(states, sides) };
    }
    return {
      ...judgement,
      before: before.medianMs,
      after: after.medianMs,
      stored: stored.get(name) ?? null,
    };
  });
  return { entries, noiseFloor };
};

const failureOf = (states: ReadonlyMap<string, LatencyState>, { before, after }: Sides): string => {
  for (const side of [before, after]) {
    const state = states.get(side);
    if (state?.state === 'failed') return `${side} does not run: ${state.error}`;
  }
  return 'it was not measured';
};
