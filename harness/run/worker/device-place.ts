/** Devices of other machines that latency can be measured on. */
import type { WorkerEvents, WorkerOutcome } from './run-worker.js';

export interface OtherDevice {
  readonly id: string;
  /** For people. */
  readonly machine: string;
}

export interface DevicePlace {
  /** Those that are there now. */
  readonly present: () => readonly OtherDevice[];
  /** All candidates together. Rejects with the signal's reason where it is stopped. */
  readonly measure: (id: string, events: WorkerEvents) => Promise<WorkerOutcome>;
}

export const noDevices: DevicePlace = {
  present: () => [],
  measure: () => Promise.reject(new Error('There is no other device.')),
};
