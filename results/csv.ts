import { stringify } from 'csv-stringify/sync';
import type { TrialRow } from './csv-column.js';
import { COLUMNS } from './csv-columns.js';
import type { LatencyState, Run } from './record.js';

/**
 * `results.csv`: a heading, and one row per planned trial in the order of the plan, failed and pending ones too. Numbers are not
 * rounded.
 */
export const resultsCsv = (run: Run): string =>
  stringify(
    trialRows(run).map((row) => COLUMNS.map(({ value }) => value(row))),
    { header: true, columns: COLUMNS.map(({ name }) => name), quoted_match: /[\r\n]/ },
  );

const PENDING: LatencyState = { state: 'pending' };

const trialRows = ({ plan, trials, latency }: Run): TrialRow[] =>
  trials.flatMap((trial) =>
    plan.candidates
      .filter(({ name }) => name === trial.candidate)
      .map((candidate) => ({ plan, candidate, trial, latency: latency.get(candidate.name) ?? PENDING })),
  );
