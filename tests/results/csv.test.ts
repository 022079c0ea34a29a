import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { resultsCsv } from '../../results/csv.js';
import { COLUMNS } from '../../results/csv-columns.js';
import { withLatencyBudget } from '../support/latency-budget.js';
import { HOSTILE_ERROR, HOSTILE_NAMES, runFixture } from '../support/run-fixture.js';

const { run } = runFixture({ epochs: 2 });

const hasPython = spawnSync('python3', ['--version']).status === 0;

/** Rows as another program reads them. */
const readByPython = (csv: string): Record<string, string>[] =>
  JSON.parse(
    execFileSync(
      'python3',
      [
        '-c',
        'import csv, io, json, sys; print(json.dumps(list(csv.DictReader(io.StringIO(sys.stdin.buffer.read().decode(), newline="")))))',
      ],
      { input: csv, encoding: 'utf8' },
    ),
  );

describe('the columns of results.csv', () => {
  it.each(COLUMNS.map((column) => [column.name, column] as const))(
    '%s is named and defined',
    (name, column) => {
      expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
      expect(column.definition).toMatch(/^\S.*\.$/);
      expect(COLUMNS.filter((other) => other.name === name)).toHaveLength(1);
    },
  );

  it('are all filled in some row of a run that has everything', () => {
    const { run } = runFixture({ epochs: 2, failures: false, change: withLatencyBudget });
    const [headings = '', ...lines] = resultsCsv(run).split('\n');
    expect(headings.split(',')).toEqual(COLUMNS.map(({ name }) => name));
    // Only the two errors are empty.
    expect(lines[0]?.match(/,(?=,)/g)).toHaveLength(2);
    expect(lines[0]).toContain(',latency,0.5,expansion,2,-0.0125,-0.02,-0.005,');
  });
});

describe.skipIf(!hasPython)('results.csv, read by Python', () => {
  const rows = readByPython(resultsCsv(run));

  it('has one row per planned trial, failed and pending ones too', () => {
    expect(rows.map(({ key }) => key)).toEqual(run.plan.trials.map(({ key }) => key));
    expect(rows.map(({ state }) => state)).toEqual(run.trials.map(({ state }) => state));
    expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(['done', 'failed', 'pending']));
  });

  it('gives back text exactly, whatever characters it holds', () => {
    expect(rows.map(({ candidate }) => candidate)).toEqual(run.trials.map(({ candidate }) => candidate));
    expect(rows.filter(({ state }) => state === 'failed').map(({ error }) => error)).toEqual([HOSTILE_ERROR]);
  });

  it('gives back numbers exactly', () => {
    for (const [index, trial] of run.trials.entries()) {
      const top1 = trial.state === 'done' ? trial.result.testTop1 : Number.NaN;
      expect(Number.parseFloat(rows[index]?.test_top1 ?? '')).toBe(top1);
    }
    const budget = run.plan.candidates[0]?.budget;
    expect(Number(rows[0]?.budget_residual)).toBe(budget?.residual);
  });

  it('leaves cells empty that are not known', () => {
    for (const row of rows.filter(({ state }) => state !== 'done')) {
      expect([row.test_top1, row.validation_loss, row.train_seconds]).toEqual(['', '', '']);
    }
    for (const row of rows.filter(({ candidate }) => candidate === HOSTILE_NAMES.script)) {
      expect([row.latency_state, row.latency_median_ms, row.latency_low_ms]).toEqual(['failed', '', '']);
    }
  });
});
