import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { runMetrics, serveRunMetrics } from '../../../../harness/cli/watch/run-metrics.js';
import type { RunEvent } from '../../../../harness/run/status/events.js';
import { refusalOf } from '../../../support/refusal.js';
import { ONE_OF_EACH } from '../../../support/run-events.js';

const told = async (events: readonly RunEvent[]): Promise<readonly string[]> => {
  const registry = new Registry();
  const onEvent = runMetrics(registry);
  for (const event of events) onEvent(event);
  return (await registry.metrics()).split('\n');
};

const of = (...kinds: readonly RunEvent['kind'][]): readonly RunEvent[] =>
  kinds.flatMap((kind) => ONE_OF_EACH.filter((event) => event.kind === kind));

/** With this name of the server; fetch does not let one choose it. */
const statusAs = (url: string, host: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    request(url, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });

describe('the metrics of a run', () => {
  it('count trials by how they ended', async () => {
    const lines = await told(of('planned', 'trial-started', 'trial-retried', 'trial-failed', 'trial-done'));
    expect(lines).toContain('lightbench_trials_planned 6');
    expect(lines).toContain('lightbench_trials_open 3');
    expect(lines).toContain('lightbench_trials_ended_total{outcome="failed",cause="crashed"} 1');
    expect(lines).toContain('lightbench_trials_ended_total{outcome="reused",cause=""} 1');
    expect(lines).toContain('lightbench_trials_retried_total{cause="crashed"} 1');
    // What was reused took no time here.
    expect(lines).toContain('lightbench_trial_train_seconds_count 0');
  });

  it('tell of a trial only while it is trained, and of the time left only when it is known', async () => {
    const running = 'lightbench_trial_share{candidate="repso",seed="1"} 0.5';
    expect(await told(of('trial-started', 'trial-progress'))).toContain(running);
    expect(await told(of('trial-started', 'trial-progress', 'trial-failed'))).not.toContain(running);
    const left = (lines: readonly string[]) =>
      lines.filter((line) => /^lightbench_training_seconds_left /.test(line));
    expect(left(await told([]))).toEqual([]);
    expect(left(await told(of('training')))).toEqual(['lightbench_training_seconds_left 60']);
  });

  it('are served on the loopback, under no name of somebody else', async () => {
    const metrics = await serveRunMetrics(0);
    for (const event of ONE_OF_EACH) metrics.onEvent(event);
    const response = await fetch(metrics.url);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=/);
    expect(await response.text()).toContain('lightbench_training_share 0.5');
    expect(new URL(metrics.url).hostname).toBe('127.0.0.1');
    expect(await statusAs(metrics.url, 'rebound.example')).toBe(403);
    expect(await statusAs(new URL('/', metrics.url).href, 'localhost')).toBe(404);
    await metrics.close();
    await expect(fetch(metrics.url)).rejects.toThrow();
  });

  it('are refused on a port that is taken', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    expect(await refusalOf(() => serveRunMetrics(port))).toMatch(
      new RegExp(`^Port ${port} cannot be used .*EADDRINUSE`),
    );
    server.close();
  });
});
