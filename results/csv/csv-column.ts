/** One column of `results.csv`, and where most of them take their values from. */

import type { LatencyResult } from '../measurement/latency-record.js';
import type { CandidateRecord } from '../plan/candidate.js';
import type { Plan } from '../plan/plan.js';
import type { LatencyState, TrialState } from '../run/run.js';
import type { Int8Result } from '../training/int8.js';
import type { EpochRecord, TrialResult } from '../training/trial.js';

/** What one row is made of: a trial, its candidate, and the latency of that candidate. */
export interface TrialRow {
  readonly plan: Plan;
  readonly candidate: CandidateRecord;
  readonly trial: TrialState;
  readonly latency: LatencyState;
  /** Of its int8 form. */
  readonly int8Latency: LatencyState;
}

export type Cell = string | number | null;

export interface CsvColumn {
  readonly name: string;
  /** Empty where the value has none. */
  readonly unit: string;
  readonly definition: string;
  /** Null becomes an empty cell: not known is never 0. */
  readonly value: (row: TrialRow) => Cell;
}

export const column = (
  name: string,
  unit: string,
  definition: string,
  value: CsvColumn['value'],
): CsvColumn => ({ name, unit, definition, value });

export const ofResult =
  (value: (result: TrialResult) => Cell): CsvColumn['value'] =>
  ({ trial }) =>
    trial.state === 'done' ? value(trial.result) : null;

export const ofLastEpoch = (value: (epoch: EpochRecord) => Cell): CsvColumn['value'] =>
  ofResult(({ epochs }) => {
    const last = epochs.at(-1);
    return last === undefined ? null : value(last);
  });

export const ofLatency =
  (value: (result: LatencyResult) => Cell): CsvColumn['value'] =>
  ({ latency }) =>
    latency.state === 'done' ? value(latency.result) : null;

export const ofInt8 =
  (value: (int8: Int8Result, result: TrialResult) => Cell): CsvColumn['value'] =>
  ({ trial }) =>
    trial.state === 'done' && trial.result.int8 !== undefined ? value(trial.result.int8, trial.result) : null;

export const ofInt8Latency =
  (value: (result: LatencyResult) => Cell): CsvColumn['value'] =>
  ({ int8Latency }) =>
    int8Latency.state === 'done' ? value(int8Latency.result) : null;

export const ofBudget =
  (value: (budget: NonNullable<CandidateRecord['budget']>) => Cell): CsvColumn['value'] =>
  ({ candidate }) =>
    candidate.budget === undefined ? null : value(candidate.budget);
