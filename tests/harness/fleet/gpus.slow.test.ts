/** Workers that offer several GPUs: real Redis, real processes, real PyTorch, and GPUs that are made up. */
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { builtProgram } from '../../support/command-line.js';
import { startWorker } from '../../support/fleet.js';
import { it } from '../../support/folder.js';
import { numbersOf } from '../../support/killed-sweep.js';
import { madeUpGpus } from '../../support/made-up-gpus.js';
import { redisIsMissing, startRedis, type TestRedis } from '../../support/redis.js';
import { torchEngineIsMissing } from '../../support/torch-engine.js';

const missing = redisIsMissing ?? torchEngineIsMissing;

const TINY = 'tests/support/suites/tiny.ts';
const SIZE = ['--seeds', '2', '--epochs', '4', '--no-cache', '--engine', 'pytorch:cuda'];

let redis: TestRedis;

describe.skipIf(missing)(`workers with GPUs${missing ? ` (${missing})` : ''}`, () => {
  beforeEach(async () => {
    redis = await startRedis();
  });

  afterEach(() => redis.stop());

  it('train one trial on each at a time, also those of a worker that was killed, with the numbers of one GPU', async ({
    folder,
  }) => {
    const [alone, doomed, staying] = ['alone', 'doomed', 'staying'].map((name) =>
      madeUpGpus(join(folder, name)),
    );
    if (!alone || !doomed || !staying) throw new RangeError('Three machines play.');
    const lightbench = (python: string, ...args: readonly string[]) =>
      builtProgram(process.cwd(), { LIGHTBENCH_PYTHON: python }, ...args);
    const directory = (name: string): string => join(folder, 'runs', name);
    const byItself = await lightbench(
      alone.python,
      ...['run', TINY, ...SIZE, '--devices', 'cuda:1', '--out', directory('alone')],
    );
    expect(byItself).toMatchObject({ exitCode: 0 });
    expect(alone.uses(1)).toBe(4);

    const first = startWorker(redis.url, ['--devices', 'cuda:0-1'], { LIGHTBENCH_PYTHON: doomed.python });
    const run = lightbench(
      alone.python,
      ...['run', TINY, ...SIZE, '--redis', redis.url, '--out', directory('fleet')],
    );
    await first.says('joined for 2 trials at a time');
    await first.says(/: begun[\s\S]*: begun/);
    while (doomed.uses(0) + doomed.uses(1) < 2) await new Promise((later) => setTimeout(later, 20));
    first.signal('SIGKILL');
    expect([doomed.uses(0), doomed.uses(1)]).toEqual([1, 1]);
    startWorker(redis.url, ['--devices', 'cuda:0-1'], { LIGHTBENCH_PYTHON: staying.python });
    expect(await run).toMatchObject({ exitCode: 0 });
    expect(staying.uses(0)).toBeGreaterThan(0);
    expect(staying.uses(1)).toBeGreaterThan(0);
    expect(staying.uses(0) + staying.uses(1)).toBe(4);
    expect(await numbersOf(directory('fleet'))).toEqual(await numbersOf(directory('alone')));
  });

  it('say which GPU is not there, and leave the run to others', async ({ folder }) => {
    const { python } = madeUpGpus(folder);
    const env = { LIGHTBENCH_PYTHON: python };
    const mistaken = startWorker(redis.url, ['--devices', 'cuda:0-7'], env);
    const run = builtProgram(
      process.cwd(),
      env,
      ...['run', TINY, ...SIZE, '--redis', redis.url, '--out', join(folder, 'run')],
    );
    await mistaken.says('not served: There is no cuda:2 on this machine');
    startWorker(redis.url, ['--devices', 'cuda:1'], env);
    const { exitCode, stdout, stderr } = await run;
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(stdout + stderr).toContain('cannot take part: There is no cuda:2 on this machine');
  });
});
