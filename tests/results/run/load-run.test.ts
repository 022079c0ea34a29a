import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../../harness/user/user-error.js';
import type { JournalEvent } from '../../../results/journal/events.js';
import { Journal } from '../../../results/journal/journal.js';
import type { Plan } from '../../../results/plan/plan.js';
import { loadRun, RUN_FILES } from '../../../results/run/load-run.js';
import { runState } from '../../../results/run/run.js';
import { latencyMeasurement } from '../../support/latency-measurement.js';
import { HOSTILE_NAMES, runFixture, writeRunDirectory } from '../../support/run-fixture.js';

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
    expect(run.environment.warnings).toEqual([
      ...environment.warnings,
      { kind: 'torn-journal', bytes: expect.any(Number) },
    ]);
  });

  it.each(Object.values(RUN_FILES))('says that a directory without %s is no run directory', async (file) => {
    writeRunDirectory(directory, fixture);
    rmSync(join(directory, file));
    const message = await rejection();
    expect(message).toContain(`${directory} is not a run folder: ${file} missing.`);
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
      /suite\.json: it has schema version 2; this lightbench reads version 1/,
    );
  });

  it('names a version and a checksum that are no text', async () => {
    const odd = { toString: 1, valueOf: 1 };
    writeRunDirectory(directory, fixture);
    const file = join(directory, RUN_FILES.environment);
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), sum: odd }));
    expect(await rejection()).toContain(`but it holds ${JSON.stringify(odd)}.`);
    writeFileSync(join(directory, RUN_FILES.plan), JSON.stringify({ ...plan, schema: odd }));
    expect(await rejection()).toContain(`it has schema version ${JSON.stringify(odd)};`);
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
    const journal = Journal.open(join(directory, RUN_FILES.journal));
    journal.append(event);
    journal.close();
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

  it.each<[string, (plan: Plan) => Plan]>([
    ['other claims', (made) => ({ ...made, claims: ['accuracy(a) > accuracy(b)'] })],
    ['another source', (made) => ({ ...made, source: '/somebody/elses.ts' })],
    ['fewer trials', (made) => ({ ...made, trials: made.trials.slice(1) })],
    [
      'another seed',
      (made) => ({
        ...made,
        trials: made.trials.map((trial, index) => (index === 5 ? { ...trial, seed: 77 } : trial)),
      }),
    ],
  ])('refuses a plan in whose file somebody wrote %s', async (_what, edit) => {
    writeRunDirectory(directory, { ...fixture, events: events.slice(0, 1) });
    const file = join(directory, RUN_FILES.plan);
    const { sum, ...written } = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, JSON.stringify({ ...edit(written), sum }));
    expect(await rejection()).toMatch(/suite\.json was changed after it was written/);
    writeFileSync(file, JSON.stringify(edit(written)));
    expect(await rejection()).toMatch(/suite\.json was changed after it was written: .* it holds none/);
  });

  it('refuses an environment that somebody changed', async () => {
    writeRunDirectory(directory, fixture);
    const file = join(directory, RUN_FILES.environment);
    writeFileSync(file, readFileSync(file, 'utf8').replace('"cores":2', '"cores":3'));
    expect(await rejection()).toMatch(/env\.json was changed after it was written/);
  });

  it('refuses a plan that counts a trial twice', async () => {
    const [first, ...others] = plan.trials;
    if (first === undefined) throw new Error('The fixture has no trials.');
    const twice = (trial: Plan['trials'][number]) => ({ ...plan, trials: [first, trial, ...others] });
    writeRunDirectory(directory, { ...fixture, plan: twice(first) });
    expect(await rejection()).toMatch(/trials: two trials have the same key/);
    rmSync(directory, { recursive: true });
    writeRunDirectory(directory, { ...fixture, plan: twice({ ...first, key: 'another' }) });
    expect(await rejection()).toMatch(/trials: two trials of one candidate have the same seed/);
  });

  it.each([
    ['a top-1 that is not that of the images', { testTop1: 0.5 }, /has a top-1 of 0\.5, but got \d+ of 1000/],
    ['too few images', { testCorrect: 'AAAA' }, /got 0 of 1000 test images right/],
  ])('refuses %s', async (_what, changes, problem) => {
    const changed = events.map((event) =>
      event.event === 'trial-done' && event.candidate === 'identity' && event.seed === 1
        ? { ...event, result: { ...event.result, ...changes } }
        : event,
    );
    writeRunDirectory(directory, { ...fixture, events: changed });
    expect(await rejection()).toMatch(problem);
    expect(await rejection()).toContain('the trial of identity, seed 1,');
  });

  it.each([
    ['a share above 1', { testTop1: 7.5 }],
    ['a negative loss', { testLoss: -1 }],
    ['a negative time', { trainSeconds: -1 }],
    ['what is not base64', { testCorrect: '!!' }],
  ])('has no place for %s', (_what, changes) => {
    const done = events.find((event) => event.event === 'trial-done');
    if (done === undefined) throw new Error('The fixture has no result.');
    const journal = Journal.open(join(directory, RUN_FILES.journal));
    const result = { ...done.result, ...changes };
    expect(() => journal.append({ ...done, result })).toThrow(/trial-done event cannot be recorded/);
    journal.close();
  });

  it.each([
    ['is empty', () => ''],
    ['begins with trial-started', (text: string) => text.slice(text.indexOf('\n') + 1)],
  ])('refuses a journal that %s', async (what, edit) => {
    writeRunDirectory(directory, fixture);
    const file = join(directory, RUN_FILES.journal);
    writeFileSync(file, edit(readFileSync(file, 'utf8')));
    expect(await rejection()).toMatch(new RegExp(`journal\\.jsonl ${what}.*: its beginning is lost`));
  });

  it('says how many lines of the journal are gone', async () => {
    writeRunDirectory(directory, fixture);
    const file = join(directory, RUN_FILES.journal);
    const lines = readFileSync(file, 'utf8').split('\n');
    writeFileSync(file, lines.filter((_, index) => index !== 3).join('\n'));
    expect((await loadRun(directory)).environment.warnings).toContainEqual({
      kind: 'journal-lines-missing',
      lines: 1,
    });
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
    ['done, and begun again', [started, done, started], 'done'],
    ['done, and failed when begun again', [started, done, started, failed], 'done'],
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
