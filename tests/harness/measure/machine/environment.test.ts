import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
