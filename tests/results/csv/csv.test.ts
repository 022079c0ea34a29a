import { execFileSync, spawnSync } from 'node:child_process';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { resultsCsv } from '../../../results/csv/csv.js';
import { COLUMNS } from '../../../results/csv/csv-columns.js';
import type { Plan } from '../../../results/plan/plan.js';
import { withLatencyBudget } from '../../support/latency-budget.js';
import { measuredRun } from '../../support/measured-run.js';
import { HOSTILE_ERROR, HOSTILE_NAMES, runFixture } from '../../support/run-fixture.js';

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

  it('are all filled in some row of a run with a budget of latency, with two budgets, or in int8, but for errors and what was reused', () => {
    const [latency, both] = [withLatencyBudget, withTwoBudgets].map((change) =>
      resultsCsv(runFixture({ epochs: 2, failures: false, change }).run),
    );
    const int8 = { correct: [[1, 0]], roundMs: [[1, 2]] };
    const quantised = measuredRun({ candidates: [{ name: 'quantised', correct: [[1, 1]], int8 }] });
    const rows = [latency, both, resultsCsv(quantised)].flatMap((csv = ''): Record<string, string>[] =>
      parse(csv, { columns: true, encoding: 'utf8' }),
    );
    const names = COLUMNS.map(({ name }) => name);
    expect(Object.keys(rows[0] ?? {})).toEqual(names);
    expect(names.filter((name) => rows.every((row) => row[name] === ''))).toEqual([
      'reused_from',
      'error',
      'latency_error',
      'int8_latency_error',
    ]);
    expect(latency).toContain(',latency,0.5,expansion,2,-0.0125,-0.02,-0.005,');
    expect(both).toContain(',params,9000,expansion,2,0.001,,,macs,5000000,depth,3,-0.003,');
  });
});

/** Every candidate has met two budgets at once. */
const withTwoBudgets = (plan: Plan): Plan => ({
  ...plan,
  candidates: plan.candidates.map((candidate) => ({
    ...candidate,
    budget: {
      metric: 'params',
      target: 9000,
      tolerance: 0.02,
      knob: 'expansion',
      value: 2,
      residual: 0.001,
      second: {
        metric: 'macs',
        target: 5e6,
        tolerance: 0.02,
        residual: -0.003,
        knob: { option: 'depth', value: 3 },
      },
    },
  })),
});

/** The first candidate under another name, below its budget. */
const withFirstName =
  (name: string) =>
  (plan: Plan): Plan => {
    const [first, ...others] = plan.candidates;
    if (first?.budget === undefined) throw new Error('The first candidate has no budget.');
    return {
      ...plan,
      candidates: [{ ...first, name, budget: { ...first.budget, residual: -0.0125 } }, ...others],
      trials: plan.trials.map((trial) =>
        trial.candidate === first.name ? { ...trial, candidate: name } : trial,
      ),
    };
  };

describe.skipIf(!hasPython)('results.csv, read by Python', () => {
  const rows = readByPython(resultsCsv(run));

  it('has one row per planned trial, failed and pending ones too', () => {
    expect(rows.map(({ key }) => key)).toEqual(run.plan.trials.map(({ key }) => key));
    expect(rows.map(({ state }) => state)).toEqual(run.trials.map(({ state }) => state));
    expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(['done', 'failed', 'pending']));
  });

  it('gives back text exactly, with commas, quotes and lines, but for what a terminal obeys', () => {
    expect(rows.map(({ candidate }) => candidate)).toEqual(run.trials.map(({ candidate }) => candidate));
    expect(rows.filter(({ state }) => state === 'failed').map(({ error }) => error)).toEqual([
      HOSTILE_ERROR.replaceAll('\u001b', '\\u001b'),
    ]);
  });

  it.each(['=HYPERLINK("http://x")', '+1', '-1', '@SUM(A1)', '＝1', '\t=1', '\r=1', '\u202e=1'])(
    'holds no formula where a candidate is called %j, and the same numbers',
    (name) => {
      const renamed = runFixture({ epochs: 2, change: withFirstName(name) }).run;
      const cells = readByPython(resultsCsv(renamed)).filter(
        (_, index) => renamed.trials[index]?.candidate === name,
      );
      expect(cells.length).toBeGreaterThan(0);
      for (const { candidate, ...row } of cells) {
        expect(candidate).toMatch(/^('[=+\-@＝]|\\u[0-9a-f]{4}=)/);
        expect(Object.values(row).filter((cell) => /^[=+@\t\r]/.test(cell))).toEqual([]);
        expect(Number(row.budget_residual)).toBeLessThan(0);
      }
    },
  );

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
