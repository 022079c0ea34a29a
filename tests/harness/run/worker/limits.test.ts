import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { enforceLimits } from '../../../../harness/run/worker/limits.js';

const MEBIBYTE = 2 ** 20;

/** A shell, small itself, that waits for a Node of some forty mebibytes and more. */
const program = (mebibytes: number): string =>
  `${JSON.stringify(process.execPath)} -e 'const held = Buffer.alloc(${mebibytes} * 2 ** 20, 1); setTimeout(() => held, 60000)' & wait`;

describe.skipIf(process.platform !== 'linux')('a limit of memory', () => {
  it('counts what a process has begun: an engine may compute there', async () => {
    const child = execa('sh', ['-c', program(300)], {
      reject: false,
      detached: true,
      stdio: 'ignore',
    });
    const watch = enforceLimits(child, { memoryBytes: 250 * MEBIBYTE });
    const { signal } = await child;
    watch.end();
    process.kill(-(child.pid ?? 0), 'SIGKILL');
    expect(signal).toBe('SIGKILL');
    expect(watch.broken()).toEqual({
      cause: 'memory-limit',
      error: expect.stringMatching(/^It took \d+ MiB of memory, and 250 MiB are allowed\.$/),
    });
  });
});
