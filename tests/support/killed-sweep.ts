/** Runs of one suite, killed again and again at random: its process, or one of those that train. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execaNode } from 'execa';
import { randomStream } from '../../harness/random.js';
import { readJournal } from '../../results/journal/journal.js';
import { loadRun } from '../../results/run/load-run.js';
import { processes } from './processes.js';

export const SWEEP = 'tests/support/suites/sweep.ts';

const MAIN = 'dist/harness/cli/main.js';

const start = (...args: readonly string[]) =>
  execaNode(MAIN, ['run', '--no-cache', '--retries', '100', '--jobs', '2', ...args], {
    reject: false,
  });

/** What must be equal, however a run came about. */
export const numbersOf = async (directory: string): Promise<readonly unknown[]> =>
  (await loadRun(directory)).trials.map((trial) => {
    if (trial.state !== 'done') return trial;
    const { testTop1, testLoss, testCorrect, epochs } = trial.result;
    const losses = epochs.map(({ trainLoss, validationLoss }) => [trainLoss, validationLoss]);
    return { candidate: trial.candidate, seed: trial.seed, testTop1, testLoss, testCorrect, losses };
  });

/** How often each trial is recorded as done. */
export const timesDone = (directory: string): readonly number[] => {
  const times = new Map<string, number>();
  for (const event of readJournal(join(directory, 'journal.jsonl')).events) {
    if (event.event === 'trial-done') times.set(event.key, (times.get(event.key) ?? 0) + 1);
  }
  return [...times.values()];
};

/** An undisturbed run, whose milliseconds are told. */
export const undisturbed = async (directory: string): Promise<number> => {
  const before = performance.now();
  const { exitCode, stderr } = await start(SWEEP, '--out', directory);
  if (exitCode !== 0) throw new Error(stderr);
  return performance.now() - before;
};

export interface Kills {
  readonly coordinator: number;
  readonly worker: number;
}

/**
 * Begins a run and goes on with it until it comes to its end, with one kill -9 at a random moment of each attempt as long as kills are
 * left; `milliseconds` is how long an attempt takes about. Told is how many there were.
 */
export const killedAtRandom = async (
  directory: string,
  {
    kills,
    milliseconds,
    seed,
  }: { readonly kills: number; readonly milliseconds: number; readonly seed: number },
): Promise<Kills> => {
  const random = randomStream(seed, 'kills');
  const done = { coordinator: 0, worker: 0 };
  for (let left = kills; ; ) {
    const isBegun = existsSync(join(directory, 'suite.json'));
    const child = start(...(isBegun ? ['--resume', directory] : [SWEEP, '--out', directory]));
    const ended = child.then(({ exitCode, signal, stderr }) => ({ exitCode, signal, stderr }));
    let isOver = false;
    void ended.then(() => {
      isOver = true;
    });
    while (left > 0 && !isOver) {
      await sleep(random.uniform() * milliseconds);
      if (isOver) break;
      left -= 1;
      const workers = workersOf(child.pid ?? 0);
      const worker = workers[Math.floor(random.uniform() * workers.length)];
      if (worker !== undefined && random.uniform() < 0.5) {
        kill(worker);
        done.worker += 1;
      } else {
        child.kill('SIGKILL');
        done.coordinator += 1;
        break;
      }
    }
    const { exitCode, signal, stderr } = await ended;
    if (exitCode === 0) return done;
    if (signal !== 'SIGKILL' && exitCode !== 3)
      throw new Error(`It ended with ${exitCode ?? signal}: ${stderr}`);
  }
};

const kill = (pid: number): void => {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has just ended.
  }
};

/** Of a run's process; other children of it only look whether the engine is there. */
const workersOf = (run: number): number[] =>
  processes().flatMap(({ pid, parent, command }) =>
    parent === run && command.includes('worker-main') ? [pid] : [],
  );

/** Worker processes of this checkout whose parent is none of lightbench. */
export const orphans = (): readonly number[] =>
  processes().flatMap(({ pid, parent, command }) =>
    command.includes(`${process.cwd()}/dist/harness/run/worker/worker-main`) && parent === 1 ? [pid] : [],
  );

/** Waits for what a kill has orphaned to notice. */
export const orphansAfter = async (milliseconds: number): Promise<readonly number[]> => {
  const end = performance.now() + milliseconds;
  while (orphans().length > 0 && performance.now() < end) await sleep(100);
  return orphans();
};
