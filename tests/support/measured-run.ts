/** A run made of just what an analysis reads: correctness, times, and what is compared. */

import type { LatencyResult } from '../../results/measurement/latency-record.js';
import type { CandidateRecord } from '../../results/plan/candidate.js';
import type { Run } from '../../results/run/run.js';
import type { TrialResult } from '../../results/training/trial.js';
import { runFixture } from './run-fixture.js';

export interface MeasuredCandidate {
  readonly name: string;
  /** By seed, one value an image; null where the trial failed. */
  readonly correct?: readonly (ArrayLike<number> | null)[];
  /** By session, then in round order. */
  readonly roundMs?: readonly (readonly number[])[];
  /** As the record says it: 1 where nothing is given. */
  readonly medianMs?: number;
  /** The same in int8, where it was quantised. */
  readonly int8?: {
    readonly correct: readonly ArrayLike<number>[];
    readonly roundMs?: readonly (readonly number[])[];
  };
  readonly record?: Partial<CandidateRecord>;
}

export interface MeasuredRun {
  readonly candidates: readonly MeasuredCandidate[];
  /** Rounds of the first candidate, measured once more. */
  readonly control?: readonly (readonly number[])[];
  readonly claims?: readonly string[];
}

export const measuredRun = ({ candidates, control, claims = [] }: MeasuredRun): Run => {
  const { run } = runFixture({ failures: false });
  const [template] = run.plan.candidates;
  const [trial] = run.trials;
  if (!template || trial?.state !== 'done') throw new Error('the fixture lost its candidates');
  const { budget: _, ...unbudgeted } = template;
  const images = Math.max(...candidates.map(({ correct = [] }) => correct[0]?.length ?? 0));
  const trials = candidates.flatMap(({ name, correct = [], int8 }) =>
    correct.map((row, seed) => {
      const identity = { key: `${name}-${seed}`, candidate: name, seed };
      return row === null
        ? { ...identity, state: 'failed' as const, error: 'loss is not finite' }
        : { ...identity, state: 'done' as const, result: resultOf(trial.result, row, int8?.correct[seed]) };
    }),
  );
  return {
    ...run,
    plan: {
      ...run.plan,
      candidates: candidates.map(({ name, record }) => ({
        ...unbudgeted,
        name,
        fingerprint: `fingerprint of ${name}`,
        ...record,
      })),
      claims: [...claims],
      conditions: {
        ...run.plan.conditions,
        dataset: { ...run.plan.conditions.dataset, testImages: images },
        ...(candidates.some(({ int8 }) => int8)
          ? { int8: { calibration: 'min-max', images: 256, weights: 'per-channel' } }
          : {}),
      },
      trials: trials.map(({ key, candidate, seed }) => ({ key, candidate, seed })),
    },
    trials,
    latency: new Map(
      candidates.map(({ name, roundMs, medianMs = 1 }) => [
        name,
        roundMs === undefined
          ? { state: 'pending' }
          : { state: 'done', result: { ...latencyOf(roundMs), medianMs } },
      ]),
    ),
    int8: {
      latency: new Map(
        candidates.flatMap(({ name, int8 }) =>
          int8?.roundMs === undefined
            ? []
            : [[name, { state: 'done', result: { ...latencyOf(int8.roundMs), form: 'int8' } }] as const],
        ),
      ),
      latencyControl: null,
    },
    tries: [],
    latencyControl:
      control === undefined ? null : { candidate: candidates[0]?.name ?? '', result: latencyOf(control) },
  };
};

const resultOf = (
  template: TrialResult,
  row: ArrayLike<number>,
  inInt8: ArrayLike<number> | undefined,
): TrialResult => ({
  ...template,
  ...testedOn(row),
  ...(inInt8 === undefined
    ? {}
    : { int8: { ...testedOn(inInt8), testLoss: 1, weightBytes: 1000, floatOperations: [] } }),
});

const testedOn = (row: ArrayLike<number>): Pick<TrialResult, 'testTop1' | 'testCorrect'> => {
  const bytes = Buffer.alloc(Math.ceil(row.length / 8));
  let hits = 0;
  for (let i = 0; i < row.length; i += 1) {
    hits += row[i] ?? 0;
    bytes.writeUInt8(bytes.readUInt8(i >> 3) | ((row[i] ?? 0) << (i & 7)), i >> 3);
  }
  return { testTop1: hits / row.length, testCorrect: bytes.toString('base64') };
};

const latencyOf = (roundMs: readonly (readonly number[])[]): LatencyResult => ({
  form: 'deploy',
  batch: 1,
  threads: 1,
  sessions: roundMs.length,
  rounds: roundMs.flat().length,
  warmupIterations: 10,
  medianMs: 1,
  interval95Ms: [0.9, 1.1],
  roundMs: roundMs.map((session) => [...session]),
});
