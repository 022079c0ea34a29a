/** Latency on several devices of one machine, and no longer than it may take: the built program, real Chromium. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readJournal } from '../../../results/journal/journal.js';
import { loadRun } from '../../../results/run/load-run.js';
import { chromiumIsMissing } from '../../support/chromium.js';
import { builtProgram, startLightbench } from '../../support/command-line.js';

const SIZE = ['--seeds', '1', '--epochs', '1'];
const TINY = 'tests/support/suites/tiny.ts';

const folder = mkdtempSync(join(tmpdir(), 'lightbench-devices-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.skipIf(chromiumIsMissing)('is measured on each device that is named, once, and kept apart', async () => {
  const directory = join(folder, 'both');
  const first = await startLightbench('run', TINY, ...SIZE, '--device', 'native,browser', '--out', directory);
  expect(first).toMatchObject({ exitCode: 0 });
  const run = await loadRun(directory);
  const all = [run, ...run.otherDevices];
  expect(all.map(({ latencyMeasurement }) => latencyMeasurement?.device?.kind)).toEqual([
    'native',
    'browser',
  ]);
  for (const { latency } of all) {
    expect([...latency.values()].map(({ state }) => state)).toEqual(['done', 'done']);
  }
  const resumed = ['run', '--resume', directory, '--device', 'native,browser'];
  const withoutBrowser = await builtProgram('.', { PATH: folder }, ...resumed);
  expect(withoutBrowser).toMatchObject({ exitCode: 0 });
  const measured = readJournal(join(directory, 'journal.jsonl')).events.filter(
    ({ event }) => event === 'latency-measured',
  );
  expect(measured).toHaveLength(2);
});

it('fails where it takes longer than it may, and the trials stay', async () => {
  const directory = join(folder, 'late');
  const limited = ['--latency-timeout', '0.05s', '--out', directory];
  const { exitCode } = await startLightbench('run', TINY, ...SIZE, ...limited);
  expect(exitCode).toBe(3);
  const { trials, latency } = await loadRun(directory);
  expect(trials.map(({ state }) => state)).toEqual(['done', 'done']);
  for (const state of latency.values()) {
    expect(state).toEqual({ state: 'failed', error: 'It was not done after 0.05 s.' });
  }
  expect(await startLightbench('run', '--resume', directory)).toMatchObject({ exitCode: 0 });
});
