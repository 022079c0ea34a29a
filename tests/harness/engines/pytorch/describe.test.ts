import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, vi } from 'vitest';
import { type Description, describeTorch, torchState } from '../../../../harness/engines/pytorch/describe.js';
import { pytorch } from '../../../../harness/engines/pytorch/engine.js';
import { GraphBuilder } from '../../../../harness/graph/build/builder.js';
import { it } from '../../../support/folder.js';
import { pythonIsMissing } from '../../../support/python.js';

const works = { state: 'works' } as const;
const absent = { state: 'missing', reason: 'torch 2.14.1 is built without CUDA' } as const;

const description = (changes: object = {}): Description => ({
  python: '3.11.7',
  torch: '2.14.1+cpu',
  devices: { cpu: works, cuda: absent, mps: absent },
  ...changes,
});

const stateOf = (from: Description, device: Parameters<typeof torchState>[1], platform = 'linux' as const) =>
  torchState(from, device, 'python3', platform);

const missingPython = pythonIsMissing();

/** A program that starts Python in another way. */
const wrapper = async (folder: string, line: string): Promise<string> => {
  const file = join(folder, 'python');
  await writeFile(file, `#!/bin/sh\n${line}\n`);
  await chmod(file, 0o755);
  return file;
};

describe('the state of the engine pytorch', () => {
  it('names the best device that works, or the one that was asked for', () => {
    expect(stateOf(description(), 'best')).toEqual({
      state: 'available',
      version: '2.14.1+cpu',
      device: 'cpu',
    });
    const gpu = description({ devices: { cpu: works, cuda: works, mps: absent } });
    expect(stateOf(gpu, 'best')).toMatchObject({ device: 'cuda' });
    expect(stateOf(gpu, 'cpu')).toMatchObject({ device: 'cpu' });
  });

  it('is missing where the device is, and says why', () => {
    expect(stateOf(description(), 'cuda')).toEqual({
      state: 'missing',
      reason: 'torch 2.14.1 is built without CUDA',
      remedy: expect.stringContaining('pytorch:cpu'),
    });
  });

  it.each(['1.13.1', '2.3.1+cu121'])('is missing where torch is %s', (torch) => {
    expect(stateOf(description({ torch }), 'best')).toMatchObject({
      state: 'missing',
      reason: `python3 has torch ${torch}, and 2.4 or later is needed`,
    });
  });

  it.each(['2.4.0', '2.14.1+cu130', '3.0.0'])('is available where torch is %s', (torch) => {
    expect(stateOf(description({ torch }), 'best')).toMatchObject({ state: 'available', version: torch });
  });

  it('is unsupported on a device that the platform does not have', () => {
    expect(stateOf(description(), 'mps').state).toBe('unsupported');
    expect(torchState(description(), 'cuda', 'python3', 'darwin').state).toBe('unsupported');
  });

  it('is missing where there is no such program, and nothing is computed', async ({ folder }) => {
    const python = join(folder, 'no-python');
    vi.stubEnv('LIGHTBENCH_PYTHON', python);
    const state = await pytorch.describe();
    expect(state).toEqual({
      state: 'missing',
      reason: `${python} is not installed`,
      remedy: expect.stringContaining('LIGHTBENCH_PYTHON'),
    });
    const g = GraphBuilder.create();
    const graph = g.finish(g.activation('act', g.input([1, 2, 2]), 'relu'));
    await expect(pytorch.createPredictor(graph, new Map(), { batch: 1, threads: 1 })).rejects.toMatchObject({
      message: `pytorch is missing: ${python} is not installed.`,
      remedy: expect.stringContaining('pip install torch'),
    });
  });

  it.skipIf(missingPython)('is missing where Python has no torch', async ({ folder }) => {
    vi.stubEnv('LIGHTBENCH_PYTHON', await wrapper(folder, 'exec python3 -S "$@"'));
    expect(await describeTorch()).toEqual({ missing: "No module named 'torch'" });
  });

  it('is missing where Python ends when it loads torch', async ({ folder }) => {
    vi.stubEnv('LIGHTBENCH_PYTHON', await wrapper(folder, 'echo "no such library" >&2; exit 3'));
    expect(await describeTorch()).toEqual({
      failed: 'ended by exit code 3 (no such library) when it loaded torch',
    });
  });
});
