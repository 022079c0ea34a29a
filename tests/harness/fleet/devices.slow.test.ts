/** Latency on several machines, which real workers play under names of their own; and a machine that lacks the data. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { analyse } from '../../../harness/analysis/analyse.js';
import { readJournal } from '../../../results/journal/journal.js';
import { loadRun } from '../../../results/run/load-run.js';
import { builtProgram, startLightbench } from '../../support/command-line.js';
import { startWorker } from '../../support/fleet.js';
import { writeImageFolder } from '../../support/image-folder.js';
import { redisIsMissing, startRedis, type TestRedis } from '../../support/redis.js';

let folder: string;
let redis: TestRedis;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lightbench-devices-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(redisIsMissing)(
  `a fleet${redisIsMissing === undefined ? '' : ` (${redisIsMissing})`}`,
  () => {
    beforeEach(async () => {
      redis = await startRedis();
    });

    afterEach(() => redis.stop());

    it('measures all candidates on every tagged machine, apart from those of the others', async () => {
      const directory = join(folder, 'devices');
      startWorker(redis.url, ['--jobs', '1', '--tags', 'gpu'], { LIGHTBENCH_MACHINE: 'alpha' });
      startWorker(redis.url, ['--only-latency', '--tags', 'pi5,slow'], { LIGHTBENCH_MACHINE: 'beta' });
      startWorker(redis.url, ['--jobs', '1'], { LIGHTBENCH_MACHINE: 'gamma' });
      const suite = 'tests/support/suites/tiny.ts';
      const { exitCode, stderr } = await startLightbench(
        'run',
        suite,
        '--redis',
        redis.url,
        '--out',
        directory,
      );
      expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });

      const run = await loadRun(directory);
      const devices = run.otherDevices.map(({ latencyMeasurement }) => latencyMeasurement?.device);
      expect(devices.map((device) => device?.name).toSorted()).toEqual(['alpha', 'beta']);
      expect(devices.find((device) => device?.name === 'beta')?.tags).toEqual(['pi5', 'slow']);
      const ids = [run, ...run.otherDevices].map(({ latencyMeasurement }) => latencyMeasurement?.device?.id);
      expect(new Set(ids).size).toBe(3);
      for (const { latency, latencyControl } of [run, ...run.otherDevices]) {
        expect([...latency.values()].map(({ state }) => state)).toEqual(['done', 'done']);
        expect(latencyControl?.candidate).toBe('depthwise');
      }
      // Once a device, and each with an origin of its own.
      const lines = readJournal(join(directory, 'journal.jsonl')).events.flatMap((event) =>
        event.event === 'latency-done' ? [`${event.device} ${event.candidate}`] : [],
      );
      expect(new Set(lines).size).toBe(6);
      expect(lines).toHaveLength(6);
      expect(analyse(run).devices).toHaveLength(3);
    });

    it('measures on a machine that joins once all else is done, and fails there what takes too long', async () => {
      const directory = join(folder, 'later');
      const suite = 'tests/support/suites/tiny.ts';
      const alone = await startLightbench('run', suite, '--no-cache', '--out', directory);
      expect({ exitCode: alone.exitCode, stderr: alone.stderr }).toMatchObject({ exitCode: 0 });
      startWorker(redis.url, ['--only-latency', '--tags', 'pi5'], { LIGHTBENCH_MACHINE: 'beta' });
      const resume = (...more: readonly string[]) =>
        startLightbench('run', '--resume', directory, '--redis', redis.url, ...more);
      const hurried = await resume('--latency-timeout', '0.01s', '--retries', '0');
      expect(hurried.stdout).toContain('beta: latency failed: On beta: It was not done after 0.01 s.');
      const patient = await resume();
      expect({ exitCode: patient.exitCode, stderr: patient.stderr }).toMatchObject({ exitCode: 0 });
      const [beta] = (await loadRun(directory)).otherDevices;
      expect(beta?.latencyMeasurement?.device?.name).toBe('beta');
      expect([...(beta?.latency.values() ?? [])].map(({ state }) => state)).toEqual(['done', 'done']);
    });

    it('ends when it is stopped, though a machine measures', async () => {
      const directory = join(folder, 'stopped');
      const beta = startWorker(redis.url, ['--only-latency', '--tags', 'pi5'], {
        LIGHTBENCH_MACHINE: 'beta',
      });
      startWorker(redis.url, ['--jobs', '1'], { LIGHTBENCH_MACHINE: 'gamma' });
      const suite = 'tests/support/suites/tiny.ts';
      const size = ['--seeds', '4', '--epochs', '40'];
      const run = startLightbench('run', suite, ...size, '--redis', redis.url, '--out', directory);
      await beta.says('latency: begun');
      run.kill('SIGTERM');
      expect((await run).exitCode).toBe(130);
    });

    it('names the data set that a machine lacks, and goes on where it is', async () => {
      const data = join(folder, 'pictures');
      await writeImageFolder(data, ['cat', 'dog'], { train: 6, val: 4, test: 4 });
      const directory = join(folder, 'lacking');
      const lacking = startWorker(redis.url, ['--jobs', '1'], { LIGHTBENCH_DATA: join(folder, 'nothing') });
      const suite = resolve('tests/support/suites/pictures.ts');
      const run = builtProgram(
        process.cwd(),
        { LIGHTBENCH_DATA: data },
        ...['run', suite, '--redis', redis.url, '--out', directory],
      );
      const isTold = new Promise<void>((told) => {
        run.stdout.on('data', (part) => {
          if (String(part).includes('cannot take part')) told();
        });
      });
      await Promise.race([run, isTold]);
      await lacking.says(/The data set image-folder with content hash [0-9a-f]+ is not on this machine/);
      startWorker(redis.url, ['--jobs', '1'], { LIGHTBENCH_DATA: data });
      const { exitCode, stdout, stderr } = await run;
      expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
      expect(stdout + stderr).toContain('cannot take part: The data set image-folder');
    });
  },
);
