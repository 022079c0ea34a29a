import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import type { RunOptions } from '../../../harness/run/run-options.js';
import { readJournal } from '../../../results/journal/journal.js';
import { loadRun } from '../../../results/run/load-run.js';
import { builtLibrary, startLightbench } from '../../support/command-line.js';
import { it } from '../../support/folder.js';

const { planRun, startRun } = await builtLibrary();

const TROUBLED = 'tests/support/suites/troubled.ts';
const FAILING = 'tests/support/suites/diverging.ts';

/** Every trial of the troubled candidates whose names match, but no latency: there is trouble in that, too. */
const train = async (folder: string, only: string, options: RunOptions): Promise<void> => {
  const trained = new AbortController();
  const plan = await planRun(TROUBLED, { only });
  await startRun(plan, join(folder, 'run'), {
    ...options,
    signal: trained.signal,
    onEvent: ({ kind }) => {
      if (kind === 'latency-started') trained.abort();
    },
  }).catch((error: unknown) => {
    if (!trained.signal.aborted) throw error;
  });
};

const outcomes = async (folder: string): Promise<Readonly<Record<string, unknown>>> =>
  Object.fromEntries(
    (await loadRun(join(folder, 'run'))).trials.map((trial) => [
      trial.candidate,
      trial.state === 'failed'
        ? { cause: trial.cause, error: trial.error, lastLines: trial.lastLines }
        : trial.state,
    ]),
  );

const attempts = (folder: string): Readonly<Record<string, number>> => {
  const times: Record<string, number> = {};
  for (const event of readJournal(join(folder, 'run', 'journal.jsonl')).events) {
    if (event.event === 'trial-started') times[event.candidate] = (times[event.candidate] ?? 0) + 1;
  }
  return times;
};

describe.skipIf(process.platform === 'win32')('trials that get their process into trouble', () => {
  it('fail by their cause with their last words, are repeated where that can help, and the others go on', async ({
    folder,
  }) => {
    await train(folder, '^(?!grows)', { jobs: 2, limits: { seconds: 20 } });
    expect(await outcomes(folder)).toEqual({
      hangs: { cause: 'time-limit', error: 'It was not done after 20 s.' },
      crashes: { cause: 'crashed', error: expect.stringContaining('SIGABRT'), lastLines: expect.any(Array) },
      'is-killed': { cause: 'killed', error: 'The process was killed by SIGTERM.' },
      exits: {
        cause: 'crashed',
        error: expect.stringContaining('exit code 7'),
        lastLines: ['about to exit'],
      },
      throws: {
        cause: 'error',
        error: expect.stringContaining('the block broke'),
        lastLines: ['about to throw'],
      },
      depthwise: 'done',
    });
    expect(attempts(folder)).toEqual({
      ...{ hangs: 2, crashes: 2, 'is-killed': 2, exits: 2 },
      ...{ throws: 1, depthwise: 1 },
    });
    expect(readFileSync(join(folder, 'run', 'results.csv'), 'utf8')).toContain('It was not done after 20 s.');
  });

  it('are killed where they take too much memory, and not repeated for it', async ({ folder }) => {
    await train(folder, '^(grows|depthwise)$', { limits: { memoryBytes: 700 * 2 ** 20 } });
    const memory = /^It took \d+ MiB of memory, and 700 MiB are allowed\.$/;
    expect(await outcomes(folder)).toEqual({
      grows: { cause: 'memory-limit', error: expect.stringMatching(memory) },
      depthwise: 'done',
    });
    expect(attempts(folder)).toEqual({ grows: 1, depthwise: 1 });
  });

  it('are repeated as often as is asked for', async ({ folder }) => {
    await train(folder, '^exits$', { retries: 3 });
    expect(attempts(folder)).toEqual({ exits: 4 });
  });
});

describe('a trial whose loss is not a number', () => {
  it('fails at once and alone, and the command says that a trial failed', async ({ folder }) => {
    const options = ['--no-cache', '--retries', '5', '--out', join(folder, 'run')];
    expect((await startLightbench('run', FAILING, ...options)).exitCode).toBe(3);
    expect(await outcomes(folder)).toMatchObject({ exploding: { cause: 'diverged' }, depthwise: 'done' });
    expect(attempts(folder)).toEqual({ exploding: 1, depthwise: 1 });
  });
});
