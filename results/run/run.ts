/** A run as analysis and reports see it, and how the events of its journal make it. */
import type { z } from 'zod';
import type { JournalEvent } from '../journal/events.js';
import type { LatencyMeasurementRecord, LatencyResult } from '../measurement/latency-record.js';
import type { ModelRecord } from '../model/model-record.js';
import type { WeightsRecord } from '../model/weights.js';
import type { Plan } from '../plan/plan.js';
import type { ProfileRecord } from '../profile/profile-file.js';
import type { FailureCause } from '../training/failure.js';
import type { Origin } from '../training/origin.js';
import type { TrialResult, TryResult, tryName } from '../training/trial.js';
import type { Environment } from './environment.js';

/** What has become of a try of a learning rate. */
export type TryState = z.infer<z.ZodObject<typeof tryName>> &
  (
    | { readonly state: 'pending' }
    | { readonly state: 'done'; readonly result: TryResult; readonly from?: Origin }
    | { readonly state: 'diverged'; readonly reason: string }
    | { readonly state: 'failed'; readonly error: string; readonly cause?: FailureCause }
  );

/** What has become of a trial. */
export type TrialState =
  | { readonly state: 'pending'; readonly key: string; readonly candidate: string; readonly seed: number }
  | {
      readonly state: 'failed';
      readonly key: string;
      readonly candidate: string;
      readonly seed: number;
      readonly error: string;
      /** Absent where an earlier version recorded it, as are the lines. */
      readonly cause?: FailureCause;
      /** The last ones that its process wrote. */
      readonly lastLines?: readonly string[];
    }
  | {
      readonly state: 'done';
      readonly key: string;
      readonly candidate: string;
      readonly seed: number;
      readonly result: TrialResult;
      /** Where the run did not make it itself. */
      readonly from?: Origin;
      /** Absent where an earlier version recorded it. */
      readonly weights?: WeightsRecord;
    };

/** What has become of the latency measurement of a candidate. */
export type LatencyState =
  | { readonly state: 'pending' }
  | { readonly state: 'failed'; readonly error: string }
  | { readonly state: 'done'; readonly result: LatencyResult; readonly model?: ModelRecord };

/** What was measured on one device, all candidates together. */
export interface DeviceLatency {
  readonly latency: ReadonlyMap<string, LatencyState>;
  /** How latency was measured; null where it has not been, or by a lightbench that did not record it. */
  readonly latencyMeasurement: LatencyMeasurementRecord | null;
  /** The A/A control of the latency measurement, where there is one. */
  readonly latencyControl: { readonly candidate: string; readonly result: LatencyResult } | null;
  /** Of the int8 forms, in the same rounds with a control of their own; absent where none was measured. */
  readonly int8?: Pick<DeviceLatency, 'latency' | 'latencyControl'>;
}

/** A run as analysis and reports see it: the plan and, for every planned trial and candidate, what has become of it. */
export interface Run extends DeviceLatency {
  readonly plan: Plan;
  readonly environment: Environment;
  /** Empty where nothing is tuned. */
  readonly tries: readonly TryState[];
  readonly trials: readonly TrialState[];
  /** What was measured on other devices than the run's own, which `latency` is of. */
  readonly otherDevices: readonly DeviceLatency[];
  /** Where the time of every candidate goes; null where nobody asked. */
  readonly profile: ProfileRecord | null;
}

/** What has become of every planned try and trial, and of every candidate's latency, after these events in this order. */
export const runState = (plan: Plan, environment: Environment, events: readonly JournalEvent[]): Run => {
  const tries = new Map<string, TryState>(
    (plan.tries ?? []).map((planned) => [planned.key, { state: 'pending', ...planned }]),
  );
  const trials = new Map<string, TrialState>(
    plan.trials.map((trial) => [trial.key, { state: 'pending', ...trial }]),
  );
  const own = pendingDevice(plan);
  const others = new Map<string, PendingDevice>();
  const deviceOf = ({ device }: { readonly device?: string | undefined }): PendingDevice => {
    if (device === undefined) return own;
    const known = others.get(device) ?? pendingDevice(plan);
    others.set(device, known);
    return known;
  };
  for (const event of events) {
    if ('key' in event && isDone(('seed' in event ? trials : tries).get(event.key))) continue;
    switch (event.event) {
      case 'try-started':
        tries.set(event.key, { state: 'pending', ...tryIdentity(event) });
        break;
      case 'try-done':
        tries.set(event.key, { state: 'done', ...tryIdentity(event), ...resultOf(event) });
        break;
      case 'try-diverged':
        tries.set(event.key, { state: 'diverged', ...tryIdentity(event), reason: event.reason });
        break;
      case 'try-failed':
        tries.set(event.key, { state: 'failed', ...tryIdentity(event), ...failureOf(event) });
        break;
      case 'trial-started':
        trials.set(event.key, { state: 'pending', ...identity(event) });
        break;
      case 'trial-done':
        trials.set(event.key, {
          state: 'done',
          ...identity(event),
          ...resultOf(event),
          ...(event.weights === undefined ? {} : { weights: event.weights }),
        });
        break;
      case 'trial-failed':
        trials.set(event.key, { state: 'failed', ...identity(event), ...failureOf(event) });
        break;
      case 'latency-measured':
        deviceOf(event).latencyMeasurement = event.measurement;
        break;
      case 'latency-done':
        latencyOf(deviceOf(event), event.result.form).latency.set(event.candidate, {
          state: 'done',
          result: event.result,
          ...(event.model === undefined ? {} : { model: event.model }),
        });
        break;
      case 'latency-failed':
        latencyOf(deviceOf(event), event.form).latency.set(event.candidate, {
          state: 'failed',
          error: event.error,
        });
        break;
      case 'latency-control-done':
        latencyOf(deviceOf(event), event.result.form).latencyControl = {
          candidate: event.candidate,
          result: event.result,
        };
        break;
      case 'run-started':
      case 'run-finished':
        break;
      default:
        event satisfies never;
    }
  }
  return {
    plan,
    environment,
    tries: [...tries.values()],
    trials: [...trials.values()],
    ...own,
    otherDevices: [...others.values()],
    profile: null,
  };
};

interface PendingLatency {
  readonly latency: Map<string, LatencyState>;
  latencyControl: DeviceLatency['latencyControl'];
}

interface PendingDevice extends PendingLatency {
  latencyMeasurement: DeviceLatency['latencyMeasurement'];
  int8?: PendingLatency;
}

/** What is known of one form on a device; nothing yet of int8, where it is met for the first time. */
const latencyOf = (device: PendingDevice, form: LatencyResult['form'] = 'deploy'): PendingLatency => {
  if (form === 'deploy') return device;
  device.int8 ??= { latency: new Map(), latencyControl: null };
  return device.int8;
};

const pendingDevice = ({ candidates }: Plan): PendingDevice => ({
  latency: new Map(candidates.map(({ name }) => [name, { state: 'pending' }])),
  latencyMeasurement: null,
  latencyControl: null,
});

/** Whatever a later line says: what was recorded once is not lost, and not taken twice. */
const isDone = (state: TrialState | TryState | undefined): boolean =>
  state?.state === 'done' || state?.state === 'diverged';

const resultOf = <R>({ result, from }: { readonly result: R; readonly from?: Origin }) => ({
  result,
  ...(from === undefined ? {} : { from }),
});

const failureOf = ({
  error,
  cause,
  lastLines,
}: Extract<JournalEvent, { readonly event: 'trial-failed' | 'try-failed' }>) => ({
  error,
  ...(cause === undefined ? {} : { cause }),
  ...(lastLines === undefined ? {} : { lastLines }),
});

const identity = ({ key, candidate, seed }: Pick<TrialState, 'key' | 'candidate' | 'seed'>) => ({
  key,
  candidate,
  seed,
});

const tryIdentity = ({
  key,
  candidate,
  learningRate,
}: Pick<TryState, 'key' | 'candidate' | 'learningRate'>) => ({
  key,
  candidate,
  learningRate,
});
