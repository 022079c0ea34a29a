import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isOutOfMemory, saysOutOfMemory } from '../../../../harness/run/worker/out-of-memory.js';
import { UserError } from '../../../../harness/user/user-error.js';
import { loadRun } from '../../../../results/run/load-run.js';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lightbench-memory-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

const failureOf = (action: () => unknown): unknown => {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error('Nothing failed.');
};

describe('running out of memory', () => {
  it('is known by what V8 throws', () => {
    expect(isOutOfMemory(failureOf(() => new Float32Array(2 ** 52)))).toBe(true);
    expect(isOutOfMemory(failureOf(() => new ArrayBuffer(2 ** 52)))).toBe(true);
  });

  it('is known by the last words of a process whose heap is full', async () => {
    const full = ['-e', 'const all = []; for (;;) all.push(new Array(1e6).fill(1.5));'];
    const { stderr } = await execa(process.execPath, ['--max-old-space-size=30', ...full], { reject: false });
    expect(saysOutOfMemory(stderr)).toBe(true);
  });

  it('is no other failure, and no mistake of the user', () => {
    expect(isOutOfMemory(new Error('The loss became NaN.'))).toBe(false);
    expect(isOutOfMemory(new UserError('The disk is out of memory.', 'Free some.'))).toBe(false);
  });
});

/** Where processes can be given an address space of their own. */
const limitable = process.platform === 'linux' && existsSync('/proc/self/status');

const ADDRESSES = `
import { readFileSync } from 'node:fs';
import { InferenceSession } from './dist/harness/engines/onnx/native.js';
await InferenceSession.create(new Uint8Array()).catch(() => {});
console.log(/VmPeak:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]);`;

/** KiB of addresses that Node and onnxruntime take before they do anything. */
const startingAddresses = async (): Promise<number> => {
  const { stdout } = await execa(process.execPath, ['--input-type=module', '-e', ADDRESSES]);
  return Number(stdout.split('\n').at(-1));
};

const ROOM = 400 * 1024;

describe.skipIf(!limitable)('a trial without the memory for its batch', () => {
  it('fails with a batch that fits, and leaves a run that can be reported', async () => {
    const directory = join(folder, 'run');
    const limit = (await startingAddresses()) + ROOM;
    const run = [
      'run',
      'tests/support/suites/large-batch.ts',
      '--jobs',
      '1',
      '--no-cache',
      '--out',
      directory,
    ];
    const limited = [
      '-c',
      `ulimit -v ${limit}; exec "$0" "$@"`,
      process.execPath,
      'dist/harness/cli/main.js',
    ];
    const { exitCode } = await execa('bash', [...limited, ...run], { reject: false });
    expect(exitCode).toBe(3);
    const [trial] = (await loadRun(directory)).trials;
    const error = trial?.state === 'failed' ? trial.error : '';
    const fitting = Number(/^A batch of 8192 does not fit, a batch of (\d+) does/.exec(error)?.[1]);
    expect(fitting).toBeGreaterThan(0);
    expect(fitting).toBeLessThan(8192);
  }, 180_000);
});
