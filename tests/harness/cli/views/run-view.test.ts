import { describe, expect, it, vi } from 'vitest';
import { taskView } from '../../../../harness/cli/views/run-view.js';
import { runFixture } from '../../../support/run-fixture.js';

const { plan } = runFixture();

const TICK = /✔/g;

const shown = async (run: Promise<void>): Promise<string> => {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  vi.spyOn(process.stderr, 'write').mockImplementation(write);
  await taskView(plan)
    .show(run)
    .catch(() => {});
  return write.mock.calls.join('');
};

describe('the view of a run', () => {
  it('ticks training and latency off once the run is done', async () => {
    expect((await shown(Promise.resolve())).match(TICK)).toHaveLength(2);
  });

  it('ticks nothing off where the run is stopped or fails, and leaves its error to the caller', async () => {
    const text = await shown(Promise.reject(new Error('stopped')));
    expect(text).toContain('✖ Training [FAILED: not finished]');
    expect(text).not.toMatch(/✔|Latency|stopped/);
    await expect(taskView(plan).show(Promise.reject(new Error('stopped')))).rejects.toThrow('stopped');
  });
});
