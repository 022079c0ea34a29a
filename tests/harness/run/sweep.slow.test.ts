/** A run beside others: one owner, results shared, a disk that fills. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa, execaSync } from 'execa';
import { describe, expect } from 'vitest';
import { readJournal } from '../../../results/journal/journal.js';
import { loadRun } from '../../../results/run/load-run.js';
import { builtLibrary, startLightbench } from '../../support/command-line.js';
import { it } from '../../support/folder.js';

const { planRun, resumeRun, startRun } = await builtLibrary();

const SWEEP = 'tests/support/suites/sweep.ts';

const eventsOf = (directory: string) => readJournal(join(directory, 'journal.jsonl')).events;

const started = (directory: string): readonly string[] =>
  eventsOf(directory).flatMap((event) => (event.event === 'trial-started' ? [event.key] : []));

const untilStarted = async (directory: string): Promise<void> => {
  while (!existsSync(join(directory, 'suite.json')) || started(directory).length === 0) await sleep(20);
};

describe('a run folder', () => {
  it('that is in use is refused in one sentence with the owner, and read by everybody else', async ({
    folder,
  }) => {
    const directory = join(folder, 'run');
    const owner = startLightbench('run', SWEEP, '--out', directory, '--no-cache');
    await untilStarted(directory);
    const inUse = new RegExp(
      `^error: ${directory} is in use: process ${owner.pid} of .+ since .+\\. Wait for it or end it`,
    );
    const second = await startLightbench('run', '--resume', directory);
    expect([second.exitCode, second.stderr]).toEqual([2, expect.stringMatching(inUse)]);
    const [status, report] = await Promise.all([
      startLightbench('status', directory, '--json'),
      startLightbench('report', directory, '--out', join(folder, 'report.html')),
    ]);
    expect([status.exitCode, report.exitCode]).toEqual([0, 0]);
    expect(JSON.parse(status.stdout)).toMatchObject({ suite: 'sweep' });
    expect((await owner).exitCode).toBe(0);
    expect(new Set(started(directory)).size).toBe(started(directory).length);
    expect((await startLightbench('status', directory)).stdout).toContain('6 of 6 done');
  });

  it('that is moved while it is worked on stops the run, which goes on where it lies now', async ({
    folder,
  }) => {
    const [before, after] = [join(folder, 'before'), join(folder, 'after')];
    const run = startLightbench('run', SWEEP, '--out', before, '--no-cache', '--jobs', '1');
    await untilStarted(before);
    renameSync(before, after);
    const { exitCode, stderr } = await run;
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/before/);
    expect(existsSync(before)).toBe(false);
    expect((await resumeRun(after)).trials.every(({ state }) => state === 'done')).toBe(true);
  });
});

describe('the results of earlier runs', () => {
  it('take the place of trainings, bit for bit, and say where they are from', async ({ folder }) => {
    const cache = join(folder, 'cache');
    const first = await startRun(await planRun(SWEEP, { only: 'repso' }), join(folder, 'first'), { cache });
    const second = await startRun(await planRun(SWEEP), join(folder, 'second'), { cache });
    const reused = second.trials.filter((trial) => trial.state === 'done' && trial.from !== undefined);
    expect(reused.map(({ candidate }) => candidate)).toEqual(['repso', 'repso', 'repso']);
    const resultsOf = (trials: typeof first.trials): unknown[] =>
      trials.map((trial) => trial.state === 'done' && [trial.seed, trial.result]);
    expect(resultsOf(reused)).toEqual(resultsOf(first.trials));
    expect(reused[0]).toMatchObject({ from: { folder: 'first', suite: 'sweep', candidate: 'repso' } });
    expect(started(join(folder, 'second'))).toHaveLength(3);
    expect(readFileSync(join(folder, 'second', 'results.csv'), 'utf8')).toContain('(first)');

    const fresh = await startRun(await planRun(SWEEP, { only: 'repso' }), join(folder, 'fresh'));
    const numbers = (trials: typeof first.trials): unknown[] =>
      trials.map((trial) => trial.state === 'done' && [trial.result.testLoss, trial.result.testCorrect]);
    expect(numbers(fresh.trials)).toEqual(numbers(reused));

    const third = await startRun(await planRun(SWEEP), join(folder, 'third'), { cache });
    expect(started(join(folder, 'third'))).toEqual([]);
    expect(numbers(third.trials)).toEqual(numbers(second.trials));
    const { stdout } = await startLightbench('cache', 'ls', '--cache', cache, '--json');
    expect(JSON.parse(stdout).results).toHaveLength(6);
  });

  it('bring back what a damaged journal has lost', async ({ folder }) => {
    const [cache, directory] = [join(folder, 'cache'), join(folder, 'run')];
    const whole = await startRun(await planRun(SWEEP), directory, { cache });
    const journal = join(directory, 'journal.jsonl');
    writeFileSync(journal, readFileSync(journal, 'utf8').replace('"testTop1":0', '"testTop1":1'));
    await expect(loadRun(directory)).rejects.toThrow(/its checksum is that of something else/);
    const mended = await resumeRun(directory, { cache });
    const resultsOf = ({ trials }: typeof whole): unknown[] =>
      trials.map((trial) => trial.state === 'done' && trial.result);
    expect(resultsOf(mended)).toEqual(resultsOf(whole));
    expect(new Set(started(directory)).size).toBe(started(directory).length);
    expect(mended.trials.filter((trial) => trial.state === 'done' && trial.from !== undefined)).toHaveLength(
      1,
    );
    expect(readdirSync(directory).filter((name) => name.startsWith('journal.damaged-'))).toHaveLength(1);
  });
});

/** Whether this user may mount a small file system of its own. */
const mayMount = (): boolean =>
  execaSync('unshare', ['-rm', 'sh', '-c', 'mount -t tmpfs tmpfs /mnt'], { reject: false }).exitCode === 0;

describe.skipIf(process.platform !== 'linux' || !mayMount())('a disk that fills', () => {
  it('stops the run with everything recorded so far, and no trial is failed for it', async ({ folder }) => {
    const [small, kept] = [join(folder, 'small'), join(folder, 'kept')];
    for (const path of [small, kept]) mkdirSync(path);
    const script = `
      mount -t tmpfs -o size=120k tmpfs "$1"
      "$0" dist/harness/cli/main.js run ${SWEEP} --no-cache --jobs 1 --out "$1/run"
      code=$?
      cp -r "$1/run/." "$2"
      exit $code`;
    const { exitCode, stderr } = await execa(
      'unshare',
      ['-rm', 'sh', '-c', script, process.execPath, small, kept],
      {
        reject: false,
      },
    );
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/the disk is full \(ENOSPC\)/)]);
    const run = await loadRun(kept);
    expect(new Set(run.trials.map(({ state }) => state))).not.toContain('failed');
    const { trials } = await resumeRun(kept);
    expect(trials.every(({ state }) => state === 'done')).toBe(true);
  });
});
