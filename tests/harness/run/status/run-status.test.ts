import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { CONTRACTS } from '../../../../harness/cli/contracts/registry.js';
import { lockRun } from '../../../../harness/run/folder/lock.js';
import { progressFile, progressOf } from '../../../../harness/run/status/progress-file.js';
import { runStatus } from '../../../../harness/run/status/run-status.js';
import { PROGRESS_FILE, RUN_FILES } from '../../../../results/run/load-run.js';
import { lightbench } from '../../../support/command-line.js';
import { it } from '../../../support/folder.js';
import { ONE_OF_EACH } from '../../../support/run-events.js';
import { HOSTILE_ERROR, runFixture, writeRunDirectory } from '../../../support/run-fixture.js';

const fixture = runFixture({ epochs: 1 });
/** Until the second of the trials has begun. */
const begun = { ...fixture, events: fixture.events.slice(0, 4) };

const progress = {
  at: '2025-01-02T03:04:05.000Z',
  running: [
    {
      ...{ candidate: 'identity', seed: 1, learningRate: null, epochs: 3, share: 0.4 },
      ...{ since: '2025-01-02T03:04:05.000Z', where: null },
    },
  ],
  share: 0.1,
  secondsLeft: 90,
  latency: null,
};

describe('the status of a run', () => {
  it('tells what is done, running and left while somebody works on it', async ({ folder }) => {
    writeRunDirectory(folder, begun);
    writeFileSync(join(folder, PROGRESS_FILE), JSON.stringify(progress));
    const lock = await lockRun(folder);
    const status = await runStatus(folder);
    lock.release();
    expect(CONTRACTS.status.safeParse(status).error).toBeUndefined();
    expect(status).toMatchObject({
      state: 'running',
      owner: { pid: process.pid },
      trials: { planned: 18, done: 1, failed: 0, running: 1, pending: 16, reused: 0 },
      running: progress.running,
      secondsLeft: 90,
      latency: { done: 0, failed: 0, pending: 6 },
    });
  });

  it('takes nothing for running that nobody works on', async ({ folder }) => {
    writeRunDirectory(folder, begun);
    writeFileSync(join(folder, PROGRESS_FILE), JSON.stringify(progress));
    expect(await runStatus(folder)).toMatchObject({
      state: 'stopped',
      owner: null,
      running: [],
      trials: { running: 0, pending: 17 },
      secondsLeft: null,
    });
  });

  it('is finished at the end, but not where a line of a trial is gone: that is told, and how to go on', async ({
    folder,
  }) => {
    writeRunDirectory(folder, runFixture({ epochs: 1, failures: false }));
    expect(await runStatus(folder)).toMatchObject({ state: 'finished', missingLines: 0 });
    expect((await lightbench('status', folder)).stdout).not.toMatch(/resume|missing/);
    const journal = join(folder, RUN_FILES.journal);
    const lines = readFileSync(journal, 'utf8').split('\n');
    const done = lines.findIndex((line) => line.includes('"trial-done"'));
    writeFileSync(journal, lines.toSpliced(done, 1).join('\n'));
    expect(await runStatus(folder)).toMatchObject({
      state: 'stopped',
      missingLines: 1,
      trials: { done: 17, pending: 1 },
    });
    const { stdout } = await lightbench('status', folder);
    expect(stdout).toMatch(/journal +1 line of the journal is missing/);
    expect(stdout).toContain(`lightbench run --resume ${folder}`);
  });

  it('names what failed, and is not finished while a trial is pending', async ({ folder }) => {
    writeRunDirectory(folder, fixture);
    const status = await runStatus(folder);
    expect(CONTRACTS.status.safeParse(status).error).toBeUndefined();
    expect(status.state).toBe('stopped');
    expect(status.failed).toEqual([
      { candidate: 'repso', seed: 2, learningRate: null, cause: null, error: HOSTILE_ERROR, lastLines: [] },
    ]);
    const { stdout, exitCode } = await lightbench('status', folder);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('16 of 18 done, 1 failed, 1 pending');
    expect(stdout).not.toContain('\u001b[2J');
    expect(JSON.parse((await lightbench('status', folder, '--json')).stdout)).toEqual(status);
  });

  it('does without a progress that is none', async ({ folder }) => {
    writeRunDirectory(folder, begun);
    writeFileSync(join(folder, PROGRESS_FILE), '{');
    const lock = await lockRun(folder);
    expect(await runStatus(folder)).toMatchObject({ state: 'running', running: [], secondsLeft: null });
    lock.release();
  });
});

describe('the progress of a run', () => {
  it('follows every event', () => {
    const { take, now } = progressOf();
    const [started, ...others] = ONE_OF_EACH.filter(({ kind }) => kind === 'trial-started');
    if (started === undefined) throw new Error('There is no start.');
    for (const event of ONE_OF_EACH) take(event);
    expect(now()).toMatchObject({
      running: [],
      share: 0.5,
      secondsLeft: 60,
      latency: { done: 3, total: 20 },
    });
    for (const event of [
      started,
      ...others,
      ...ONE_OF_EACH.filter(({ kind }) => /progress|epoch/.test(kind)),
    ])
      take(event);
    expect(now().running).toMatchObject([
      { candidate: 'repso', seed: 1, epochs: 1, share: 0.5, where: 'elsewhere' },
    ]);
  });

  it('lies in the folder while the run goes on, and where it cannot, that stops nothing', async ({
    folder,
  }) => {
    const directory = join(folder, 'run');
    mkdirSync(directory);
    writeRunDirectory(directory, begun);
    const lock = await lockRun(directory);
    const file = progressFile(directory);
    for (const event of ONE_OF_EACH) file.onEvent(event);
    while ((await runStatus(directory)).secondsLeft !== 60) await sleep(50);
    await file.end();
    expect((await runStatus(directory)).secondsLeft).toBeNull();
    lock.release();
    const nowhere = progressFile(join(folder, 'none'));
    nowhere.onEvent({ kind: 'latency-progress', done: 1, total: 2 });
    await sleep(1500);
    await nowhere.end();
  });
});
