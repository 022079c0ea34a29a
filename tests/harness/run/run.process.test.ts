import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../harness/run/status/events.js';
import { sealed } from '../../../results/journal/checksum.js';
import { readJournal } from '../../../results/journal/journal.js';
import { loadRun } from '../../../results/run/load-run.js';
import type { Run, TrialState } from '../../../results/run/run.js';
import { PHASES } from '../../../results/training/phases.js';
import { builtLibrary, startLightbench } from '../../support/command-line.js';

const { compareWithBaseline, planRun, resumeRun, saveBaseline, startRun } = await builtLibrary();

const TINY = 'tests/support/suites/tiny.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lightbench-runs-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

const journalOf = (directory: string) => readJournal(join(directory, 'journal.jsonl')).events;

const doneKeys = (directory: string): string[] =>
  journalOf(directory).flatMap((event) => (event.event === 'trial-done' ? [event.key] : []));

const resultsOf = ({ trials }: Run) =>
  trials.map((trial) =>
    trial.state === 'done' ? trial.result.testCorrect + trial.result.testLoss : trial.state,
  );

/** Waits until the journal has so many finished trials. */
const waitForDone = async (directory: string, count: number): Promise<void> => {
  const journal = join(directory, 'journal.jsonl');
  while (!existsSync(journal) || doneKeys(directory).length < count) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

describe('a run', () => {
  let run: Run;
  const events: RunEvent[] = [];

  beforeAll(async () => {
    run = await startRun(await planRun(TINY), join(folder, 'whole'), {
      onEvent: (event) => events.push(event),
    });
  });

  it('ends with every trial and every latency done, in the journal and in the table', () => {
    expect(run.trials.map(({ candidate, seed, state }) => [candidate, seed, state])).toEqual([
      ['depthwise', 0, 'done'],
      ['repso', 0, 'done'],
      ['depthwise', 1, 'done'],
      ['repso', 1, 'done'],
    ]);
    expect([...run.latency.values()].map(({ state }) => state)).toEqual(['done', 'done']);
    expect(run.latencyControl?.candidate).toBe('depthwise');
    expect(journalOf(join(folder, 'whole')).at(-1)?.event).toBe('run-finished');
    const rows = parse(readFileSync(join(folder, 'whole', 'results.csv')), { columns: true });
    expect(rows).toHaveLength(4);
  });

  it('is not resumed by other code of lightbench while trainings are left', async () => {
    const directory = join(folder, 'other-code');
    cpSync(join(folder, 'whole'), directory, { recursive: true });
    const { sum: _, ...environment } = JSON.parse(readFileSync(join(directory, 'env.json'), 'utf8'));
    const began = sealed({ ...environment, code: 'fedcba9876543210' });
    writeFileSync(join(directory, 'env.json'), JSON.stringify(began));
    expect((await resumeRun(directory)).trials.every(({ state }) => state === 'done')).toBe(true);
    const journal = join(directory, 'journal.jsonl');
    const [started] = readFileSync(journal, 'utf8').split('\n');
    writeFileSync(journal, `${started}\n`);
    await expect(resumeRun(directory)).rejects.toThrow('other code of lightbench');
    expect(readFileSync(journal, 'utf8')).toBe(`${started}\n`);
  });

  it('measures all latencies in the same rounds of the same sessions', () => {
    for (const state of run.latency.values()) {
      if (state.state !== 'done') throw new Error(state.state);
      expect(state.result.roundMs.flat()).toHaveLength(state.result.rounds);
      expect(state.result.roundMs).toHaveLength(2);
    }
  });

  it('keeps the models that it measured: today’s code is compared with them, and so is a baseline made of it', async () => {
    const directory = join(folder, 'whole');
    for (const state of run.latency.values()) {
      if (state.state !== 'done') throw new Error(state.state);
      const bytes = readFileSync(join(directory, 'models', `${state.model?.sha256}.onnx`));
      expect(bytes.length).toBe(state.model?.bytes);
    }
    const now = await compareWithBaseline(directory);
    expect(now).toMatchObject({
      state: 'passed',
      costs: { equal: ['depthwise', 'repso'] },
      latency: { entries: [{ state: 'identical' }, { state: 'identical' }] },
    });
    const baseline = join(folder, 'baseline-of-whole');
    await saveBaseline(baseline, directory);
    const same = await compareWithBaseline(baseline, directory);
    expect(same).toMatchObject({
      state: 'passed',
      accuracy: { entries: [{ state: 'identical' }, { state: 'identical' }] },
    });
    expect(same.costs).toEqual(now.costs);
  });

  it('keeps the trained weights: networks made of them answer every test image as recorded, here and in a file', async () => {
    const directory = join(folder, 'whole');
    for (const trial of run.trials) {
      if (trial.state !== 'done') throw new Error(trial.state);
      expect(trial.weights).toMatchObject({ state: 'kept' });
    }
    const evaluated = await startLightbench('evaluate', directory, '--json');
    expect(evaluated.exitCode).toBe(0);
    const { networks, images } = JSON.parse(evaluated.stdout);
    expect(networks).toHaveLength(4);
    const file = join(folder, 'repso.onnx');
    const exported = await startLightbench(
      'export',
      directory,
      '--candidate',
      'repso',
      '--seed',
      '1',
      '--out',
      file,
    );
    expect(exported.stderr).toBe('');
    const ofFile = await startLightbench('evaluate', file, '--dataset', 'synthetic', '--json');
    const [alone] = JSON.parse(ofFile.stdout).networks;
    const [, , , repso] = networks;
    expect([repso.candidate, repso.seed, repso.record.equalImages]).toEqual(['repso', 1, images]);
    expect(alone.top1).toBe(repso.record.top1);
    expect(alone.loss).toBeCloseTo(repso.loss, 5);
  });

  it('says which of its weights are damaged', async () => {
    const directory = join(folder, 'damaged');
    cpSync(join(folder, 'whole'), directory, { recursive: true });
    const file = join(directory, 'weights', 'repso', '0.safetensors');
    writeFileSync(file, readFileSync(file).fill(7, 9_000, 9_100));
    const { exitCode, stderr } = await startLightbench('evaluate', directory);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('The trained weights of repso, seed 0, are damaged or gone');
  });

  it('keeps no weights where none are wanted, or they are too large, and says so', async () => {
    const plan = await planRun(TINY, { only: 'depthwise', seeds: 1, epochs: 1 });
    const cache = join(folder, 'cache');
    const weightsOf = async (name: string, weightBytes: number) => {
      const { trials } = await startRun(plan, join(folder, name), { weightBytes, cache });
      const [trial] = trials;
      return trial?.state === 'done' ? trial.weights : null;
    };
    expect(await weightsOf('large', 1_000)).toMatchObject({
      state: 'absent',
      reason: expect.stringMatching(/would exceed the limit of 1000/),
    });
    expect(await weightsOf('none', 0)).toMatchObject({
      state: 'absent',
      reason: expect.stringMatching(/--no-weights/),
    });
    expect(await weightsOf('reused', 1e9)).toMatchObject({
      state: 'absent',
      reason: expect.stringMatching(/--no-cache trains again/),
    });
    rmSync(cache, { recursive: true });
    const kept = await weightsOf('kept', 1e9);
    expect(kept).toMatchObject({ state: 'kept' });
    expect(await weightsOf('reused-whole', 1e9)).toEqual(kept);
    const evaluated = await startLightbench('evaluate', join(folder, 'reused-whole'));
    expect(evaluated.exitCode).toBe(0);
  });

  it('records how latency was measured, and on what machine, before the results', () => {
    const kinds = journalOf(join(folder, 'whole')).map(({ event }) => event);
    expect(kinds.indexOf('latency-measured')).toBeLessThan(kinds.indexOf('latency-done'));
    // Two sessions leave no early look.
    expect(run.latencyMeasurement).toMatchObject({ earlyLooks: 0, endedEarly: false });
    expect(run.latencyMeasurement?.seconds?.rounds).toBeGreaterThan(0);
    for (const trial of run.trials) {
      if (trial.state !== 'done') continue;
      expect(Object.keys(trial.result.phaseSeconds ?? {}).toSorted()).toEqual(
        PHASES.filter((phase) => phase !== 'int8').toSorted(),
      );
    }
    expect(run.latencyMeasurement?.conditions.cpu).toBe(run.environment.cpu);
  });

  it('tells how far it is', () => {
    const shares = events.flatMap((event) => (event.kind === 'training' ? [event.share] : []));
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares.at(-1)).toBeCloseTo(1);
    expect(events.filter(({ kind }) => kind === 'trial-epoch')).toHaveLength(8);
  });

  it('gives the same results to the last bit when it is repeated', async () => {
    const plan = await planRun(TINY, { only: 'depthwise', seeds: 1 });
    const again = await startRun(plan, join(folder, 'again'), { jobs: 1 });
    expect(resultsOf(again)).toEqual(resultsOf(run).slice(0, 1));
  });

  it('has nothing left to do when it is resumed', async () => {
    const lines = journalOf(join(folder, 'whole')).length;
    await resumeRun(join(folder, 'whole'));
    expect(journalOf(join(folder, 'whole'))).toHaveLength(lines + 1);
  });
});

describe('a run that is killed', () => {
  it('is resumed without repeating what was done, and ends with the results of an undisturbed one', async () => {
    const directory = join(folder, 'killed');
    const child = startLightbench('run', TINY, '--out', directory, '--jobs', '1', '--no-cache');
    await waitForDone(directory, 2);
    child.kill('SIGKILL');
    await child;
    const before = doneKeys(directory);
    const resumed = await startLightbench('run', '--resume', directory, '--no-cache');
    expect(resumed.exitCode).toBe(0);
    const after = doneKeys(directory);
    expect(after.slice(0, before.length)).toEqual(before);
    expect(new Set(after).size).toBe(after.length);
    expect(after).toHaveLength(4);
    const undisturbed = await loadRun(join(folder, 'whole'));
    expect(resultsOf(await loadRun(directory))).toEqual(resultsOf(undisturbed));
  });

  it('by Ctrl-C keeps what is done, and says how to go on', async () => {
    const directory = join(folder, 'stopped');
    const child = startLightbench('run', TINY, '--out', directory, '--jobs', '1', '--no-cache');
    await waitForDone(directory, 1);
    child.kill('SIGINT');
    const { exitCode, stderr } = await child;
    expect(exitCode).toBe(130);
    expect(stderr).toContain(`lightbench run --resume ${directory}`);
    const states = new Set((await loadRun(directory)).trials.map(({ state }: TrialState) => state));
    expect(states).toEqual(new Set(['done', 'pending']));
    expect(readdirSync(directory)).toContain('results.csv');
  });
});

describe('a run until decided', () => {
  it('adds seeds after looks, which the plan keeps, and stays within the most', async () => {
    const plan = await planRun(TINY, { seeds: 2, untilDecided: 3, epochs: 1 });
    const run = await startRun(plan, join(folder, 'decided'));
    const seeds = run.trials.map(({ seed }) => seed);
    expect(run.trials.every(({ state }) => state === 'done')).toBe(true);
    expect(Math.max(...seeds)).toBeLessThan(3);
    expect(run.plan.planKey).toBe(plan.planKey);
    const looks = run.plan.untilDecided?.looks ?? [];
    expect(looks[0]?.trials ?? plan.trials.length).toBe(plan.trials.length);
    expect(looks.length > 0).toBe(run.trials.length > plan.trials.length);
    const again = await resumeRun(join(folder, 'decided'));
    expect(again.trials).toHaveLength(run.trials.length);
  });
});

describe('a trial that fails', () => {
  it('is a row with its reason, and the others go on', async () => {
    const plan = await planRun('tests/support/suites/diverging.ts');
    const run = await startRun(plan, join(folder, 'diverging'));
    const [exploding, depthwise] = run.trials;
    expect(exploding).toMatchObject({ state: 'failed', error: expect.stringMatching(/epoch 1, step 1 of/) });
    expect(depthwise?.state).toBe('done');
    const [row] = parse(readFileSync(join(folder, 'diverging', 'results.csv')), { columns: true });
    expect(row).toMatchObject({
      candidate: 'exploding',
      state: 'failed',
      error: exploding?.state === 'failed' ? exploding.error : '',
    });
  });
});
