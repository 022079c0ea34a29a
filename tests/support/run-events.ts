import type { RunEvent } from '../../harness/run/status/events.js';
import { runFixture } from './run-fixture.js';

const { events } = runFixture({ epochs: 1, failures: false });

const found = <E extends (typeof events)[number]['event']>(wanted: E) => {
  const event = events.find((one) => one.event === wanted);
  if (event === undefined) throw new Error(`The fixture has no ${wanted}.`);
  return event as Extract<typeof event, { event: E }>;
};

const { result } = found('trial-done');
const [epoch] = result.epochs;
if (epoch === undefined) throw new Error('The fixture has no epoch.');

const trial = { candidate: 'repso', seed: 1 };
const rate = { candidate: 'repso', learningRate: 0.1 };
const failure = { error: 'It broke.', cause: 'crashed', lastLines: ['last\nwords'] } as const;
const from = {
  run: '0123456789abcdef',
  folder: 'first',
  suite: 'quick',
  candidate: 'repso',
  lightbench: '0.1.0',
  cpu: 'Example CPU',
  at: '2025-01-02T03:04:05.000Z',
};

/** One event of every kind, in the order in which a run has them; a new kind does not compile until it is here. */
const BY_KIND: { readonly [K in RunEvent['kind']]: Extract<RunEvent, { readonly kind: K }> } = {
  'journal-repaired': {
    kind: 'journal-repaired',
    damaged: [{ line: 3, problem: 'not JSON', text: 'x' }],
    keptIn: 'journal.damaged-x',
  },
  planned: { kind: 'planned', directory: 'runs/a', tries: 2, triesDone: 0, trials: 6, done: 1 },
  'worker-joined': { kind: 'worker-joined', machine: 'pi5', jobs: 4 },
  'worker-left': { kind: 'worker-left', machine: 'pi5' },
  'worker-refused': { kind: 'worker-refused', machine: 'pi5', reason: 'It lacks the data.' },
  'device-started': { kind: 'device-started', machine: 'pi5' },
  'device-done': { kind: 'device-done', machine: 'pi5', error: null },
  'fleet-trouble': { kind: 'fleet-trouble', reason: 'OOM command not allowed.' },
  'data-rebuilt': { kind: 'data-rebuilt', file: 'images.bin' },
  'cache-trouble': { kind: 'cache-trouble', problem: 'It is damaged.' },
  'try-started': { kind: 'try-started', ...rate },
  'try-retried': { kind: 'try-retried', ...rate, ...failure },
  'try-failed': { kind: 'try-failed', ...rate, ...failure },
  'try-diverged': { kind: 'try-diverged', ...rate, reason: 'The loss became NaN.' },
  'try-done': { kind: 'try-done', ...rate, result: { epochs: [epoch] }, from },
  'trial-started': { kind: 'trial-started', ...trial, where: 'elsewhere' },
  'trial-progress': { kind: 'trial-progress', ...trial, share: 0.5 },
  'trial-epoch': { kind: 'trial-epoch', ...trial, epoch },
  'trial-retried': { kind: 'trial-retried', ...trial, ...failure },
  'trial-failed': { kind: 'trial-failed', ...trial, ...failure },
  'trial-done': { kind: 'trial-done', ...trial, result, from },
  training: { kind: 'training', share: 0.5, secondsLeft: 60 },
  'latency-started': { kind: 'latency-started', device: 'native', candidates: 6 },
  'latency-progress': { kind: 'latency-progress', done: 3, total: 20 },
  'latency-done': { kind: 'latency-done', candidate: 'repso', result: found('latency-done').result },
  'latency-failed': { kind: 'latency-failed', candidate: 'repso', error: 'It broke.' },
};

export const ONE_OF_EACH: readonly RunEvent[] = Object.values(BY_KIND);
