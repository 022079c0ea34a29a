import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadRun } from '../../../results/run/load-run.js';
import type { Run } from '../../../results/run/run.js';
import { startLightbench } from '../../support/command-line.js';

const SUITE = 'tests/support/suites/int8.ts';

let folder: string;
let run: Run;

const inFolder = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lightbench-int8-'));
  await startLightbench('run', SUITE, '--out', inFolder('run'), '--no-cache');
  run = await loadRun(inFolder('run'));
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('a run in int8', () => {
  it('records top-1 of every image, bytes, and what stays in float32', () => {
    for (const trial of run.trials) {
      if (trial.state !== 'done') throw new Error('a trial is not done');
      const { int8, testCorrect } = trial.result;
      expect(int8?.testCorrect).toHaveLength(testCorrect.length);
      expect(int8?.floatOperations.length).toBeGreaterThan(0);
      expect(new Set(int8?.floatOperations.map(({ op }) => op))).toEqual(new Set(['hard-swish']));
    }
  });

  it('measures the int8 forms in the same rounds, with a control of their own', () => {
    expect([...(run.int8?.latency.values() ?? [])].map(({ state }) => state)).toEqual(['done', 'done']);
    expect(run.int8?.latencyControl?.result).toMatchObject({
      form: 'int8',
      rounds: run.latencyControl?.result.rounds,
    });
    expect(run.latencyControl?.result.form).toBe('deploy');
    expect(run.latencyMeasurement?.int8Sums).not.toBeUndefined();
  });

  it('tells of int8 in the table, the page and the JSON', async () => {
    const rows: Record<string, string>[] = parse(readFileSync(inFolder('run/results.csv')), {
      columns: true,
    });
    const setting = 'mse 32 per-channel equalised bias-corrected fine-tuned for 1 epoch';
    expect(rows.map((row) => row.int8_setting)).toEqual([setting, setting]);
    expect(readFileSync(inFolder('run/report.html'), 'utf8')).toContain('In int8</h2>');
    const { stdout } = await startLightbench('report', inFolder('run'), '--json');
    const report = JSON.parse(stdout);
    expect(report.int8.candidates).toHaveLength(2);
    expect(report.claims[0].answer).toBe('undecided');
  });

  it('exports the network that it tested: the file gives the recorded top-1', async () => {
    const file = inFolder('repso.onnx');
    const exported = await startLightbench(
      'export',
      inFolder('run'),
      '--candidate',
      'repso',
      '--form',
      'int8',
      '--out',
      file,
      '--json',
    );
    expect(JSON.parse(exported.stdout)).toMatchObject({
      form: 'int8',
      calibratedOn:
        '32 training images of synthetic, by mse, equalised, bias-corrected, fine-tuned for 1 epoch',
    });
    const evaluated = await startLightbench('evaluate', file, '--dataset', 'synthetic', '--json');
    const trial = run.trials.find(({ candidate }) => candidate === 'repso');
    if (trial?.state !== 'done') throw new Error('the trial is not done');
    expect(JSON.parse(evaluated.stdout).networks[0].top1).toBe(trial.result.int8?.testTop1);
  });

  it('tests in int8 what another engine trained, and says that it is not timed in int8', async () => {
    const other = inFolder('other-engine');
    const only = ['--engine', 'wasm', '--only', 'depthwise'];
    const { stdout } = await startLightbench('run', SUITE, ...only, '--out', other, '--no-cache');
    expect(stdout).toMatch(/Latency in int8 was not measured/);
    const trained = await loadRun(other);
    for (const trial of trained.trials) {
      if (trial.state !== 'done') throw new Error('a trial is not done');
      expect(trial.result.int8?.testCorrect).toHaveLength(trial.result.testCorrect.length);
    }
    expect(trained.int8).toBeUndefined();
    expect(trained.latency.get('depthwise')?.state).toBe('done');
  });

  it.each([
    [['export', 'mobilenet-v2', '--form', 'int8', '--out', 'x.safetensors'], /int8 form is an ONNX model/],
    [
      ['export', 'mobilenet-v2', '--calibration', 'mse', '--out', 'x.onnx'],
      /--calibration is an option of the int8 form/,
    ],
    [
      ['export', 'repso', '--form', 'int8', '--equalise', '--out', 'x.onnx'],
      /--equalise is for accuracy.*Name a data set/s,
    ],
    [['speed', 'repso', '--form', 'int8', '--mode', 'training'], /Training is not done in the int8 form/],
    [['speed', 'repso', '--form', 'int8', '--engine', 'wasm'], /engine wasm does not run networks in int8/],
    [
      ['export', 'repso', '--form', 'int8', '--dataset', 'synthetic', '--out', 'x.onnx'],
      /synthetic have 1 channel and/,
    ],
  ])('refuses %j', async (args, message) => {
    const { exitCode, stderr } = await startLightbench(...args);
    expect(exitCode).not.toBe(0);
    expect(stderr).toMatch(message);
  });
});
