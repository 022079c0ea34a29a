import { stringify } from 'csv-stringify/sync';
import { visibleLines } from '../../harness/user/visible.js';
import type { LatencyState, Run } from '../run/run.js';
import type { Cell, TrialRow } from './csv-column.js';
import { COLUMNS } from './csv-columns.js';

/**
 * `results.csv`: a heading, and one row per planned trial in the order of the plan, failed and pending ones too. Numbers are not
 * rounded. What a spreadsheet or a terminal would obey is written out: controls as `\u001b`, and an apostrophe before a text that
 * begins as a formula (OWASP, CSV injection).
 */
export const resultsCsv = (run: Run): string =>
  stringify(
    trialRows(run).map((row) => COLUMNS.map(({ value }) => shown(value(row)))),
    {
      header: true,
      columns: COLUMNS.map(({ name }) => name),
      quoted_match: /\n/,
      escape_formulas: true,
    },
  );

const shown = (cell: Cell): Cell => (typeof cell === 'string' ? visibleLines(cell) : cell);

const PENDING: LatencyState = { state: 'pending' };

const trialRows = ({ plan, trials, latency, int8 }: Run): TrialRow[] =>
  trials.flatMap((trial) =>
    plan.candidates
      .filter(({ name }) => name === trial.candidate)
      .map((candidate) => ({
        ...{ plan, candidate, trial },
        latency: latency.get(candidate.name) ?? PENDING,
        int8Latency: int8?.latency.get(candidate.name) ?? PENDING,
      })),
  );
