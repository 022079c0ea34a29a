import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../harness/user-error.js';
import type { JournalEvent, Plan } from '../../results/record.js';
import { loadRun, RUN_FILES, runState } from '../../results/run.js';
import { latencyMeasurement } from '../support/latency-measurement.js';
import { HOSTILE_NAMES, runFixture, writeRunDirectory } from '../support/run-fixture.js';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'lightbench-run-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

const fixture = runFixture({ epochs: 2 });
const { plan, environment, events } = fixture;
const KEPT_RUNS = 'docs/results';
const AT = '2025-01-02T03:04:05.000Z';

const rejection = async (): Promise<string> => {
  const error: unknown = await loadRun(directory).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof UserError)) throw new Error(`expected a UserError, got ${String(error)}`);
  return `${error.message} ${error.remedy}`;
};

describe('loadRun', () => {
  it('gives what the events say of every planned trial and every candidate', async () => {
    writeRunDirectory(directory, fixture);
    expect(await loadRun(directory)).toEqual(fixture.run);
  });

  it('counts a trial whose line was cut off as pending, and warns', async () => {
    const upToFirstResult = events.slice(0, 3);
    writeRunDirectory(directory, { ...fixture, events: upToFirstResult });
    const journal = join(directory, RUN_FILES.journal);
    writeFileSync(journal, readFileSync(journal).subarray(0, -10));
    const run = await loadRun(directory);
    expect(run.trials.map(({ state }) => state)).toEqual(plan.trials.map(() => 'pending'));
    expect(run.environment.warnings).toEqual([...environment.warnings, expect.stringMatching(/cut off/)]);
  });

  it.each(Object.values(RUN_FILES))('says that a directory without %s is no run directory', async (file) => {
    writeRunDirectory(directory, fixture);
    rmSync(join(directory, file));
    const message = await rejection();
    expect(message).toContain(`${directory} is not a run directory: ${file} missing.`);
    expect(message).toContain('lightbench run');
  });

  it.each([RUN_FILES.plan, RUN_FILES.environment])(
    'names %s where it is no JSON or breaks the schema',
    async (file) => {
      writeRunDirectory(directory, fixture);
      writeFileSync(join(directory, file), '{');
      expect(await rejection()).toMatch(`${join(directory, file)}: not JSON`);
      writeFileSync(join(directory, file), '{"surplus":1}');
      expect(await rejection()).toMatch(/surplus/);
    },
  );

  it('says that another schema version wrote the plan', async () => {
    writeRunDirectory(directory, fixture);
    writeFileSync(join(directory, RUN_FILES.plan), JSON.stringify({ ...plan, schema: 2 }));
    expect(await rejection()).toMatch(
      /suite\.json: written in schema version 2; this lightbench reads version 1/,
    );
  });

  it('refuses a journal and a plan of different runs', async () => {
    const other = runFixture({ name: 'other', epochs: 2 });
    const otherDirectory = join(directory, 'other');
    writeRunDirectory(otherDirectory, other);
    writeRunDirectory(directory, fixture);
    cpSync(join(otherDirectory, RUN_FILES.journal), join(directory, RUN_FILES.journal));
    expect(await rejection()).toContain(`different runs (plan key ${other.plan.planKey}`);
  });

  it.each<[string, JournalEvent]>([
    ['an unplanned trial', { event: 'trial-started', key: 'x', candidate: 'repso', seed: 0, at: AT }],
    ['a latency of an unknown candidate', { event: 'latency-failed', candidate: 'x', error: '', at: AT }],
  ])('refuses %s', async (_what, event) => {
    writeRunDirectory(directory, fixture);
    appendFileSync(join(directory, RUN_FILES.journal), `${JSON.stringify(event)}\n`);
    expect(await rejection()).toMatch(/different runs/);
  });

  it.each<[string, (plan: Plan) => Plan]>([
    [
      'another recipe',
      (made) => ({
        ...made,
        conditions: { ...made.conditions, recipe: { ...made.conditions.recipe, epochs: 99 } },
      }),
    ],
    [
      'one skeleton for all',
      (made) => ({
        ...made,
        candidates: made.candidates.map((candidate) => ({ ...candidate, skeleton: 'same' })),
      }),
    ],
    [
      'one group for all',
      (made) => ({
        ...made,
        candidates: made.candidates.map((candidate) => ({ ...candidate, group: 'lightnet' })),
      }),
    ],
    ['more rounds', (made) => ({ ...made, latency: { ...made.latency, rounds: 999 } })],
    ['thresholds', (made) => ({ ...made, thresholds: { top1: 0, latency: 0 } })],
  ])('refuses a plan into which somebody wrote %s', async (_what, edit) => {
    writeRunDirectory(directory, { ...fixture, plan: edit(plan) });
    expect(await rejection()).toMatch(/suite\.json was changed after the run was planned/);
  });

  it.each(readdirSync(KEPT_RUNS))('reads %s, whatever version of lightbench wrote it', async (name) => {
    const { plan, trials } = await loadRun(join(KEPT_RUNS, name));
    expect(trials.map(({ state }) => state)).toEqual(plan.trials.map(() => 'done'));
  });

  it('refuses a plan with a trial of no candidate', async () => {
    writeRunDirectory(directory, { ...fixture, plan: { ...plan, candidates: plan.candidates.slice(1) } });
    expect(await rejection()).toMatch(/unknown candidate, identity/);
  });
});

describe('runState', () => {
  it('knows how latency was measured where the journal tells, and reads journals that do not', () => {
    const measurement = latencyMeasurement();
    const event: JournalEvent = { event: 'latency-measured', measurement, at: AT };
    expect(runState(plan, environment, [...events, event]).latencyMeasurement).toEqual(measurement);
    expect(runState(plan, environment, events).latencyMeasurement).toBeNull();
  });

  const [trial = { key: '', candidate: '', seed: 0 }] = plan.trials;
  const started: JournalEvent = { event: 'trial-started', ...trial, at: AT };
  const failed: JournalEvent = { event: 'trial-failed', ...trial, error: 'out of memory', at: AT };
  const done = events.find((event) => event.event === 'trial-done' && event.key === trial.key);
  const stateAfter = (...past: readonly (JournalEvent | undefined)[]) =>
    runState(
      plan,
      environment,
      past.filter((event) => event !== undefined),
    ).trials[0]?.state;

  it.each([
    ['never started', [], 'pending'],
    ['interrupted', [started], 'pending'],
    ['failed', [started, failed], 'failed'],
    ['failed, and interrupted when repeated', [started, failed, started], 'pending'],
    ['failed, and done when repeated', [started, failed, started, done], 'done'],
  ])('takes the last word on a trial that was %s', (_history, past, state) => {
    expect(stateAfter(...past)).toBe(state);
  });

  it('keeps the order of the plan', () => {
    const { trials, latency } = runState(plan, environment, events.toReversed());
    expect(trials.map(({ key }) => key)).toEqual(plan.trials.map(({ key }) => key));
    expect([...latency.keys()]).toEqual(plan.candidates.map(({ name }) => name));
  });

  it('tells latencies that failed from latencies not measured yet', () => {
    const states = runState(plan, environment, events).latency;
    expect(states.get(HOSTILE_NAMES.script)?.state).toBe('failed');
    expect(runState(plan, environment, []).latency.get('identity')?.state).toBe('pending');
  });
});
