/** The latencies of a run: all candidates in one measurement a device, for only then are they paired. It is whole or done again. */

import type { JournalEvent } from '../../results/journal/events.js';
import type { Journal } from '../../results/journal/journal.js';
import type { DeviceKind } from '../../results/measurement/device.js';
import type { Plan } from '../../results/plan/plan.js';
import type { DeviceLatency, Run } from '../../results/run/run.js';
import { deviceId } from '../measure/machine/device.js';
import { withRetries } from './retries.js';
import type { RunOptions } from './run-options.js';
import type { DevicePlace, OtherDevice } from './worker/places/device-place.js';
import type { Trained } from './worker/places/training-place.js';
import { runWorker, type WorkerOutcome } from './worker/run-worker.js';

/** On this machine, or in a browser on it, each kind of device by itself. */
export const measureHere = async (
  run: Run,
  journal: Journal,
  directory: string,
  options: RunOptions,
): Promise<void> => {
  for (const { kind, id } of unmeasured(run, options)) {
    await measureOn(kind, id, run, journal, directory, options);
  }
};

/** The devices here on which not all is measured. The id is that of a device beside the run's own. */
export const unmeasured = (
  run: Run,
  { device: own = 'native', otherDevices = [] }: RunOptions,
): readonly { readonly kind: DeviceKind; readonly id?: string }[] => {
  const measured = new Set([deviceId(own), ...run.otherDevices.flatMap(measuredId)]);
  return [
    ...(isMeasured(run) ? [] : [{ kind: own }]),
    ...otherDevices.map((kind) => ({ kind, id: deviceId(kind) })).filter(({ id }) => !measured.has(id)),
  ];
};

const measureOn = async (
  device: DeviceKind,
  id: string | undefined,
  { plan }: Run,
  journal: Journal,
  directory: string,
  options: RunOptions,
): Promise<void> => {
  const { onEvent = () => {}, signal, latencySeconds } = options;
  const measure = async (): Promise<Trained> => {
    onEvent({ kind: 'latency-started', candidates: plan.candidates.length, device });
    const outcome = await runWorker(
      { job: 'latency', plan, directory, device: { kind: device, tags: [] } },
      {
        onProgress: (done, total) => onEvent({ kind: 'latency-progress', done, total }),
        limits: latencySeconds === undefined ? {} : { seconds: latencySeconds },
        ...(signal === undefined ? {} : { signal }),
      },
    );
    return { outcome };
  };
  const { outcome } = await withRetries({ options }, measure, () => {});
  for (const event of latencyEvents(plan, outcome, id)) {
    journal.append(event);
    if (event.event === 'latency-done' && event.result.form === 'deploy') {
      onEvent({ kind: 'latency-done', candidate: event.candidate, result: event.result });
    } else if (event.event === 'latency-failed' && event.form === undefined) {
      onEvent({ kind: 'latency-failed', candidate: event.candidate, error: event.error });
    }
  }
};

/** How often it is looked who is there, and how long a device that has left is waited for, milliseconds. */
const LOOK_MS = 1_000;
const AWAY_MS = 120_000;

/** On every other device that takes part, whenever it is there, while `work` is done; those that have begun by its end are waited for. */
export const measureElsewhere = async (
  run: Run,
  journal: Journal,
  devices: DevicePlace,
  options: RunOptions,
  work: () => Promise<void>,
): Promise<void> => {
  const { device: kind = 'native', onEvent = () => {}, signal } = options;
  const over = new AbortController();
  const stopped = AbortSignal.any([over.signal, ...(signal === undefined ? [] : [signal])]);
  const settled = new Set([deviceId(kind), ...run.otherDevices.flatMap(measuredId)]);
  const asked = new Map<string, Promise<void>>();
  const seen = new Map<string, number>();
  const measure = async ({ id, machine }: OtherDevice): Promise<void> => {
    onEvent({ kind: 'device-started', machine });
    const away = new AbortController();
    const timer = setInterval(() => {
      if (performance.now() - (seen.get(id) ?? 0) > AWAY_MS) away.abort(new Error(`${machine} has left.`));
    }, LOOK_MS);
    const attempt = async (): Promise<Trained> => ({
      outcome: await devices.measure(id, { signal: AbortSignal.any([away.signal, stopped]) }),
    });
    const { outcome } = await withRetries({ options }, attempt, () => {}).catch(
      (error: unknown): Trained => ({
        outcome: {
          say: 'failed',
          error: error instanceof Error ? error.message : String(error),
          cause: 'killed',
        },
      }),
    );
    clearInterval(timer);
    stopped.throwIfAborted();
    for (const event of latencyEvents(run.plan, outcome, id)) journal.append(event);
    const error = outcome.say === 'failed' ? outcome.error : null;
    onEvent({ kind: 'device-done', machine, error });
  };
  const look = (): void => {
    if (stopped.aborted) return;
    for (const device of devices.present()) {
      seen.set(device.id, performance.now());
      if (settled.has(device.id)) continue;
      settled.add(device.id);
      // It is awaited after the work; where the run is stopped before, nobody asks.
      const measurement = measure(device);
      measurement.catch(() => {});
      asked.set(device.id, measurement);
    }
  };
  const timer = setInterval(look, LOOK_MS);
  try {
    await work();
    await devices.gathered(stopped);
    look();
    await Promise.all(asked.values());
  } finally {
    clearInterval(timer);
    over.abort(new Error('The run has ended.'));
  }
};

const isMeasured = ({ latency }: DeviceLatency): boolean =>
  [...latency.values()].every(({ state }) => state === 'done');

const measuredId = (one: DeviceLatency): readonly string[] => {
  const id = one.latencyMeasurement?.device?.id;
  return id === undefined || !isMeasured(one) ? [] : [id];
};

const latencyEvents = (plan: Plan, answer: WorkerOutcome, device?: string): readonly JournalEvent[] => {
  const of = { ...(device === undefined ? {} : { device }), at: new Date().toISOString() };
  if (answer.say !== 'latency-done') {
    const error = answer.say === 'failed' ? answer.error : 'The worker answered another question.';
    return plan.candidates.map(({ name }) => ({ event: 'latency-failed', candidate: name, error, ...of }));
  }
  const { measurement, int8 } = answer;
  const eventsOf = (
    { outcomes, control }: Pick<typeof answer, 'outcomes' | 'control'>,
    form: { readonly form?: 'int8' },
  ): readonly JournalEvent[] => [
    ...outcomes.map(({ candidate, outcome, model }): JournalEvent => {
      if (outcome.state === 'failed') {
        return { event: 'latency-failed', candidate, ...form, error: outcome.error, ...of };
      }
      // Models of other machines stay there.
      const kept = model && device === undefined ? { model } : {};
      return { event: 'latency-done', candidate, result: outcome.result, ...kept, ...of };
    }),
    ...(control === null ? [] : [{ event: 'latency-control-done', ...control, ...of } as const]),
  ];
  return [
    { event: 'latency-measured', measurement, ...of },
    ...eventsOf(answer, {}),
    ...(int8 === undefined ? [] : eventsOf(int8, { form: 'int8' })),
  ];
};
