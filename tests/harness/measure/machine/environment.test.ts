import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { describeEnvironment, environmentWarnings } from '../../../../harness/measure/machine/environment.js';
import type { MachineState } from '../../../../results/measurement/latency-record.js';
import { environmentSchema } from '../../../../results/run/environment.js';

describe('describeEnvironment', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lightbench-environment-'));

  afterAll(() => rmSync(folder, { recursive: true }));

  it('gives what the record asks for', async () => {
    const environment = await describeEnvironment({ onnxruntime: '1.0.0' });
    expect(environmentSchema.parse(environment)).toEqual(environment);
    expect(environment.engines).toEqual({ onnxruntime: '1.0.0' });
    expect(environment.cores).toBeGreaterThan(0);
    expect(environment.memoryBytes).toBeGreaterThan(2 ** 20);
  });

  it('has no commit outside a git checkout', async () => {
    vi.spyOn(process, 'cwd').mockReturnValue(folder);
    expect((await describeEnvironment({})).commit).toBeNull();
  });

  it('says whether the files of the commit were changed; new files do not count', async () => {
    const checkout = join(folder, 'checkout');
    const git = (...args: readonly string[]) => execa('git', ['-C', checkout, ...args]);
    await execa('git', ['init', '--quiet', checkout]);
    writeFileSync(join(checkout, 'suite.ts'), 'before');
    await git('add', '.');
    await git('-c', 'user.name=a', '-c', 'user.email=a@b.c', 'commit', '--quiet', '--message', 'first');
    writeFileSync(join(checkout, 'new.txt'), '');
    const commit = (await git('rev-parse', 'HEAD')).stdout;
    const clean = await describeEnvironment({}, checkout);
    expect(clean).toMatchObject({ commit });
    expect(clean).not.toHaveProperty('uncommitted');
    writeFileSync(join(checkout, 'suite.ts'), 'after');
    expect(await describeEnvironment({}, checkout)).toMatchObject({ commit, uncommitted: true });
  });
});

describe('environmentWarnings', () => {
  const quiet: MachineState & { cores: number } = {
    cores: 4,
    governor: 'performance',
    loadAverage: [1, 9, 9],
    throttled: 0,
    speedLimit: null,
  };
  const warn = (change: Partial<typeof quiet>) => environmentWarnings({ ...quiet, ...change });

  it('has nothing to say of a quiet machine, or of what cannot be read', () => {
    expect(warn({})).toEqual([]);
    expect(warn({ governor: null, throttled: null })).toEqual([]);
  });

  it('counts the load of the last minute against the cores', () => {
    expect(warn({ loadAverage: [1.01, 0, 0] })).toEqual([{ kind: 'load', load: 1.01, cores: 4 }]);
    expect(warn({ loadAverage: [1.01, 0, 0], cores: 8 })).toEqual([]);
  });

  it('names a governor that saves power, and heat', () => {
    expect(warn({ governor: 'powersave', throttled: 3 })).toEqual([
      { kind: 'governor', governor: 'powersave' },
      { kind: 'heat-since-boot', times: 3 },
    ]);
  });
});
