/** Devices of other machines that latency can be measured on. */
import type { WorkerEvents, WorkerOutcome } from '../run-worker.js';

export interface OtherDevice {
  readonly id: string;
  /** For people. */
  readonly machine: string;
}

export interface DevicePlace {
  /** Those that are there now. */
  readonly present: () => readonly OtherDevice[];
  /** Once those that wait for runs have had the time to join; at once where it is stopped. */
  readonly gathered: (signal: AbortSignal) => Promise<void>;
  /** All candidates together. Rejects with the signal's reason where it is stopped. */
  readonly measure: (id: string, events: WorkerEvents) => Promise<WorkerOutcome>;
}

export const noDevices: DevicePlace = {
  present: () => [],
  gathered: async () => {},
  measure: () => Promise.reject(new Error('There is no other device.')),
};
