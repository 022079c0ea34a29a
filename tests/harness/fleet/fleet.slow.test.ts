/** Trials on several workers: real Redis, real processes. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PROTOCOL } from '../../../harness/fleet/payload.js';
import { ownVersion } from '../../../harness/package/own-code.js';
import { readJournal } from '../../../results/journal/journal.js';
import { loadRun } from '../../../results/run/load-run.js';
import type { Run } from '../../../results/run/run.js';
import { builtLibrary, startLightbench } from '../../support/command-line.js';
import { startWorker } from '../../support/fleet.js';
import { redisIsMissing, startRedis, type TestRedis } from '../../support/redis.js';

const TINY = 'tests/support/suites/tiny.ts';
const PASSWORD = 'not-to-be-seen';

let folder: string;
let redis: TestRedis;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lightbench-fleet-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const doneKeys = (directory: string): string[] =>
  readJournal(join(directory, 'journal.jsonl')).events.flatMap((event) =>
    event.event === 'trial-done' ? [event.key] : [],
  );

const resultsOf = ({ trials }: Run): string[] =>
  trials.map((trial) =>
    trial.state === 'done'
      ? `${trial.result.testCorrect} ${trial.result.testLoss} ${trial.weights?.state === 'kept' ? trial.weights.sha256 : ''}`
      : trial.state,
  );

const written = (directory: string): string =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');

describe.skipIf(redisIsMissing)(
  `a fleet${redisIsMissing === undefined ? '' : ` (${redisIsMissing})`}`,
  () => {
    beforeEach(async () => {
      redis = await startRedis({ password: PASSWORD });
    });

    afterEach(() => redis.stop());

    it('does every trial once, with the numbers of one machine, though a worker is killed and another leaves', async () => {
      const directory = join(folder, 'killed');
      const size = ['--seeds', '6', '--epochs', '12'];
      const { planRun, startRun } = await builtLibrary();
      const alone = await startRun(await planRun(TINY, { seeds: 6, epochs: 12 }), join(folder, 'alone'));
      const doomed = startWorker(redis.url, ['--jobs', '1']);
      const run = startLightbench('run', TINY, ...size, '--redis', redis.url, '--out', directory);
      await doomed.says(/, seed \d: begun/);
      doomed.signal('SIGKILL');
      const leaving = startWorker(redis.url, ['--jobs', '1']);
      await leaving.says(/: begun[\s\S]*: begun/);
      leaving.signal('SIGTERM');
      const staying = startWorker(redis.url, ['--jobs', '2']);
      const { exitCode, stdout, stderr } = await run;
      expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });

      const keys = doneKeys(directory);
      expect(new Set(keys).size).toBe(12);
      expect(keys).toHaveLength(12);
      expect(resultsOf(await loadRun(directory))).toEqual(resultsOf(alone));
      await staying.says(/: left/);
      expect(await redis.client().keys('*')).toEqual([]);
      const all = [stdout, stderr, written(directory), doomed.said(), leaving.said(), staying.said()];
      for (const text of all) expect(text).not.toContain(PASSWORD);
    });

    it('survives a restart of Redis and a stopped coordinator', async () => {
      const directory = join(folder, 'restarted');
      const worker = startWorker(redis.url, ['--jobs', '1']);
      const args = ['--seeds', '4', '--epochs', '12', '--redis', redis.url];
      const first = startLightbench('run', TINY, ...args, '--out', directory);
      await worker.says(/: done/);
      await redis.restart();
      await worker.says(/: done[\s\S]*: done[\s\S]*: done/);
      first.kill('SIGKILL');
      await first;
      await worker.says(/(: done[\s\S]*){5}/);
      const again = await startLightbench('run', '--resume', directory, '--redis', redis.url);
      expect({ code: again.exitCode, stderr: again.stderr }).toMatchObject({ code: 0 });
      const keys = doneKeys(directory);
      expect(new Set(keys).size).toBe(8);
      expect(keys).toHaveLength(8);
      // What was done while the coordinator was away was not done again.
      expect(worker.said().match(/: done/g)).toHaveLength(8);
    });

    it('is left with one Ctrl-C though Redis is gone, and is resumed on another', async () => {
      const directory = join(folder, 'gone');
      const worker = startWorker(redis.url, ['--jobs', '1']);
      const size = ['--seeds', '2', '--epochs', '12'];
      const run = startLightbench('run', TINY, ...size, '--redis', redis.url, '--out', directory);
      await worker.says(/: begun/);
      worker.signal('SIGKILL');
      await redis.stop();
      run.kill('SIGINT');
      const { exitCode, stdout } = await run;
      expect(exitCode).toBe(130);
      expect(stdout).toMatch(/Redis is gone/);
      redis = await startRedis({ password: PASSWORD });
      startWorker(redis.url, ['--jobs', '2']);
      const again = await startLightbench('run', '--resume', directory, '--redis', redis.url);
      expect({ code: again.exitCode, stderr: again.stderr }).toMatchObject({ code: 0 });
      expect((await loadRun(directory)).trials.every(({ state }) => state === 'done')).toBe(true);
    });

    it('refuses a run of another version, and names what is missing', async () => {
      const client = redis.client();
      const at = new Date().toISOString();
      const other = {
        protocol: 1,
        lightbench: '99.0.0',
        run: 'abcdef0123456789',
        suite: 's',
        sheet: '0'.repeat(64),
        at,
      };
      await client.sadd('lightbench:runs', other.run);
      await client.set(`lightbench:runs:${other.run}`, JSON.stringify(other));
      const worker = startWorker(redis.url);
      await worker.says('planned with lightbench 99.0.0');
      expect(worker.said().match(/not served/g)).toHaveLength(1);
      const [refusal] = await client.mget(
        (await client.smembers(`lightbench:run:${other.run}:refusals`)).map(
          (id) => `lightbench:run:${other.run}:refusals:${id}`,
        ),
      );
      expect(refusal).toContain('99.0.0');
    });

    it('trains nothing again that a worker has trained for an earlier run, and gives the very numbers', async () => {
      const cache = join(folder, 'cache-of-a-worker');
      const worker = startWorker(redis.url, ['--jobs', '2', '--cache', cache]);
      const runInto = async (name: string): Promise<Run> => {
        const directory = join(folder, name);
        const run = await startLightbench(
          'run',
          TINY,
          '--no-cache',
          '--redis',
          redis.url,
          '--out',
          directory,
        );
        expect({ code: run.exitCode, stderr: run.stderr }).toMatchObject({ code: 0 });
        return loadRun(directory);
      };
      const first = await runInto('trained');
      const begun = worker.said().match(/: begun/g)?.length;
      const second = await runInto('reused');
      expect(worker.said().match(/: begun/g)).toHaveLength(begun ?? Number.NaN);
      expect(resultsOf(second)).toEqual(resultsOf(first));
      for (const trial of second.trials) {
        expect(trial).toMatchObject({ state: 'done', from: { suite: first.plan.suite } });
      }
    });

    it('refuses a run of other code that calls itself by the same version', async () => {
      const client = redis.client();
      const run = 'abcdef0123456789';
      const announcement = {
        ...{ protocol: PROTOCOL, lightbench: ownVersion(), code: 'fedcba9876543210', run, suite: 's' },
        ...{ sheet: '0'.repeat(64), at: new Date().toISOString() },
      };
      await client.sadd('lightbench:runs', run);
      await client.set(`lightbench:runs:${run}`, JSON.stringify(announcement));
      const worker = startWorker(redis.url);
      await worker.says('other code of lightbench');
      expect(worker.said()).toContain('fedcba9876543210 there');
    });

    it('goes on after Redis has refused to write for a while', async () => {
      const client = redis.client();
      const directory = join(folder, 'refusing');
      const worker = startWorker(redis.url, ['--jobs', '1']);
      await worker.says('Waiting for runs');
      const run = 'abcdef0123456789';
      await client.sadd('lightbench:runs', run);
      await client.set(
        `lightbench:runs:${run}`,
        JSON.stringify({
          protocol: 1,
          lightbench: '0',
          run,
          suite: 's',
          sheet: '0'.repeat(64),
          at: new Date().toISOString(),
        }),
      );
      await client.config('SET', 'maxmemory', '1');
      await worker.says('Redis refuses');
      await client.del(`lightbench:runs:${run}`);
      await client.config('SET', 'maxmemory', '0');
      const started = await startLightbench('run', TINY, '--redis', redis.url, '--out', directory);
      expect({ code: started.exitCode, stderr: started.stderr }).toMatchObject({ code: 0 });
    });

    it('says in one paragraph where Redis is not, and refuses a wrong password, without showing it', async () => {
      const nowhere = await startLightbench('worker', '--redis', 'redis://lab:hidden-word@127.0.0.1:1');
      expect(nowhere.exitCode).toBe(2);
      expect(nowhere.stderr).toContain('Redis at redis://127.0.0.1:1 cannot be reached');
      expect(nowhere.stderr).not.toMatch(/hidden-word|\n {4}at /);
      const wrong = await startLightbench('worker', '--redis', redis.url.replace(PASSWORD, 'wrong-word'));
      expect(wrong.exitCode).toBe(2);
      expect(wrong.stderr).toContain('refuses the user or the password');
      expect(wrong.stderr).not.toContain('wrong-word');
    });
  },
);
