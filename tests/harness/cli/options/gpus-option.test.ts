import { describe, expect, it } from 'vitest';
import { lightbench } from '../../../support/command-line.js';

describe('--devices', () => {
  it.each([
    [
      'worker',
      ['--jobs', '2'],
      '--jobs cannot be combined with --devices: one trial is trained on each device.',
    ],
    ['worker', ['--only-latency'], '--devices cannot be combined with --only-latency'],
    ['run', ['quick', '--jobs', '2'], '--jobs cannot be combined with --devices'],
    ['run', ['quick', '--redis', 'redis://127.0.0.1:1'], 'Give --devices to lightbench worker.'],
  ])('of %s is refused with %j, in words', async (command, args, words) => {
    const { exitCode, stderr } = await lightbench(command, '--devices', 'cuda:0', ...args);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(words);
    expect(stderr).not.toMatch(/\n {4}at /);
  });

  it('of a worker is in its help', async () => {
    expect((await lightbench('worker', '--help')).stdout).toContain('worker --devices cuda:0-7');
  });
});
