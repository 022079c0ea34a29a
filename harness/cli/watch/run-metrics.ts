/** A run's numbers for Prometheus, on this machine's loopback alone. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { listenOnLoopback } from '../../process/loopback.js';
import type { RunEvent } from '../../run/status/events.js';
import { UserError } from '../../user/user-error.js';

export interface RunMetrics {
  readonly onEvent: (event: RunEvent) => void;
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Port 0 takes one that is free. Throws UserError where the port cannot be had. */
export const serveRunMetrics = async (port: number): Promise<RunMetrics> => {
  const registry = new Registry();
  const onEvent = runMetrics(registry);
  const server = createServer((request, response) => void answer(registry, request, response));
  const own = await listenOnLoopback(
    server,
    port,
    (reason) =>
      new UserError(
        `Port ${port} cannot be used for metrics: ${reason}.`,
        'Choose another with --metrics, or 0 for one that is free.',
      ),
  );
  server.unref();
  return {
    onEvent,
    url: `http://127.0.0.1:${own}/metrics`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
};

/** A page elsewhere may have its name point here; it still says the name that it was asked for by. */
const OWN_NAMES = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

const answer = async (
  registry: Registry,
  { method, url, headers }: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  if (!OWN_NAMES.test(headers.host ?? '')) {
    response.writeHead(403).end();
  } else if (method !== 'GET' || url !== '/metrics') {
    response.writeHead(404).end();
  } else {
    response.writeHead(200, { 'content-type': registry.contentType }).end(await registry.metrics());
  }
};

/** Trainings take from seconds to days. */
const BUCKETS = [1, 10, 60, 300, 1800, 3600, 4 * 3600, 24 * 3600];

/** The numbers of a run in the registry, kept up by its events. */
export const runMetrics = (registry: Registry): ((event: RunEvent) => void) => {
  collectDefaultMetrics({ register: registry, prefix: 'lightbench_' });
  const registers = [registry];
  const planned = new Gauge({
    name: 'lightbench_trials_planned',
    help: 'Trials of the run.',
    registers,
  });
  const open = new Gauge({
    name: 'lightbench_trials_open',
    help: 'Trials that are neither done nor failed.',
    registers,
  });
  const ended = new Counter({
    name: 'lightbench_trials_ended_total',
    help: 'Trials that this process has ended: done, reused from an earlier run, or failed.',
    labelNames: ['outcome', 'cause'],
    registers,
  });
  const retried = new Counter({
    name: 'lightbench_trials_retried_total',
    help: 'Trainings that were begun again after they failed.',
    labelNames: ['cause'],
    registers,
  });
  const running = new Gauge({
    name: 'lightbench_trial_share',
    help: 'How far a trial that is being trained is, 0 to 1.',
    labelNames: ['candidate', 'seed'],
    registers,
  });
  const share = new Gauge({
    name: 'lightbench_training_share',
    help: 'Share of all training work that is done, 0 to 1.',
    registers,
  });
  const secondsLeft = new Gauge({
    name: 'lightbench_training_seconds_left',
    help: 'Seconds that the rest of the training will take; absent while unknown.',
    registers,
  });
  const seconds = new Histogram({
    name: 'lightbench_trial_train_seconds',
    help: 'Training time of the trials that this process has trained.',
    buckets: BUCKETS,
    registers,
  });
  const rounds = new Gauge({
    name: 'lightbench_latency_rounds',
    help: 'Rounds of the latency measurement.',
    labelNames: ['state'],
    registers,
  });
  secondsLeft.remove();
  return (event) => {
    switch (event.kind) {
      case 'planned':
        planned.set(event.trials);
        open.set(event.trials - event.done);
        break;
      case 'trial-started':
        running.set({ candidate: event.candidate, seed: event.seed }, 0);
        break;
      case 'trial-progress':
        running.set({ candidate: event.candidate, seed: event.seed }, event.share);
        break;
      case 'trial-retried':
        running.remove({ candidate: event.candidate, seed: event.seed });
        retried.inc({ cause: event.cause });
        break;
      case 'try-retried':
        retried.inc({ cause: event.cause });
        break;
      case 'trial-done':
        running.remove({ candidate: event.candidate, seed: event.seed });
        open.dec();
        ended.inc({ outcome: event.from === undefined ? 'done' : 'reused', cause: '' });
        if (event.from === undefined) seconds.observe(event.result.trainSeconds);
        break;
      case 'trial-failed':
        running.remove({ candidate: event.candidate, seed: event.seed });
        open.dec();
        ended.inc({ outcome: 'failed', cause: event.cause });
        break;
      case 'training':
        share.set(event.share);
        if (event.secondsLeft === null) secondsLeft.remove();
        else secondsLeft.set(event.secondsLeft);
        break;
      case 'latency-progress':
        rounds.set({ state: 'done' }, event.done);
        rounds.set({ state: 'planned' }, event.total);
        break;
      case 'trial-epoch':
      case 'try-started':
      case 'try-done':
      case 'try-diverged':
      case 'try-failed':
      case 'journal-repaired':
      case 'data-rebuilt':
      case 'cache-trouble':
      case 'latency-started':
      case 'latency-done':
      case 'latency-failed':
      case 'worker-joined':
      case 'worker-left':
      case 'worker-refused':
      case 'device-started':
      case 'device-done':
      case 'fleet-trouble':
        break;
      default:
        event satisfies never;
    }
  };
};
