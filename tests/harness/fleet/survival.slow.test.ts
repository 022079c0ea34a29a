/** 500 short trials on four workers that are killed at random, while Redis is restarted once: minutes. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readJournal } from '../../../results/journal/journal.js';
import { loadRun } from '../../../results/run/load-run.js';
import type { Run } from '../../../results/run/run.js';
import { builtLibrary, startLightbench } from '../../support/command-line.js';
import { type StartedWorker, startWorker } from '../../support/fleet.js';
import { seededRandom } from '../../support/random.js';
import { redisIsMissing, startRedis } from '../../support/redis.js';

const TRIALS = 500;
const WORKERS = 4;
const TINY = 'tests/support/suites/tiny.ts';

const folder = mkdtempSync(join(tmpdir(), 'lightbench-survival-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const doneIn = (directory: string): readonly string[] => {
  try {
    return readJournal(join(directory, 'journal.jsonl')).events.flatMap((event) =>
      event.event === 'trial-done' ? [event.key] : [],
    );
  } catch {
    return [];
  }
};

const resultsOf = ({ trials }: Run): string[] =>
  trials.map((trial) =>
    trial.state === 'done' ? `${trial.result.testCorrect} ${trial.result.testLoss}` : trial.state,
  );

it.skipIf(redisIsMissing)('loses nothing and doubles nothing', async () => {
  const random = seededRandom(5);
  const directory = join(folder, 'fleet');
  const redis = await startRedis({ fsync: 'everysec' });
  const size = ['--seeds', `${TRIALS / 2}`, '--epochs', '1', '--no-cache'];
  const run = startLightbench('run', TINY, ...size, '--redis', redis.url, '--out', directory);
  const start = (): StartedWorker => startWorker(redis.url, ['--jobs', '1']);
  const workers = Array.from({ length: WORKERS }, start);
  let [isOver, kills, restarts] = [false, 0, 0];
  const ended = run.then((result) => {
    isOver = true;
    return result;
  });
  while (!isOver) {
    await new Promise((later) => setTimeout(later, 10_000 + 15_000 * random()));
    const unlucky = Math.floor(WORKERS * random());
    workers[unlucky]?.signal('SIGKILL');
    kills += 1;
    workers[unlucky] = start();
    if (restarts === 0 && doneIn(directory).length > TRIALS / 3) {
      restarts += 1;
      await redis.restart();
    }
  }
  const { exitCode, stderr } = await ended;
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  const keys = doneIn(directory);
  expect(keys).toHaveLength(TRIALS);
  expect(new Set(keys).size).toBe(TRIALS);
  expect(restarts).toBe(1);
  expect(kills).toBeGreaterThan(5);
  const fleet = await loadRun(directory);
  expect(fleet.trials.map(({ state }) => state)).toEqual(Array.from({ length: TRIALS }, () => 'done'));
  // A sample of the numbers: those of an undisturbed run on one machine.
  const { planRun, startRun } = await builtLibrary();
  const alone = await startRun(await planRun(TINY, { seeds: 5, epochs: 1 }), join(folder, 'alone'));
  expect(resultsOf(fleet).slice(0, 10)).toEqual(resultsOf(alone));
  await redis.stop();
});
