import type { DeviceKind } from '../../results/measurement/device.js';
import type { RunEvent } from './status/events.js';
import type { WorkerLimits } from './worker/limits.js';

/** How a plan is run. */
export interface RunOptions {
  /** Training trials at a time, one thread each; by default one per core. */
  readonly jobs?: number;
  /** Numbers of the GPUs to train on, one training on each at a time, in place of `jobs`; for the engine pytorch on CUDA. */
  readonly gpus?: readonly number[];
  /** Address of the Redis through which workers take the trials, in place of this machine; then `jobs` is theirs to choose. */
  readonly redis?: string;
  /** What latency is measured on: this machine, or a browser on it. By default the machine. */
  readonly device?: DeviceKind;
  /** What it is measured on besides, one after the other; the report shows them side by side, each ranked by itself. */
  readonly otherDevices?: readonly DeviceKind[];
  /** What one training, of a trial or a try, may take; by default there is no limit. */
  readonly limits?: WorkerLimits;
  /** Seconds that one latency measurement on this machine may take; by default there is no limit. */
  readonly latencySeconds?: number;
  /** How often a training is begun again that ended in a way that can pass: killed, crashed, out of memory or time. By default 1. */
  readonly retries?: number;
  /** Folder of results of earlier runs, in place of trainings that would give the same; by default none is used. */
  readonly cache?: string;
  /** Bytes that the file of a trial's trained weights may have, to be kept in the run's folder; 0 keeps none. By default 256 MiB. */
  readonly weightBytes?: number;
  /** Is told what happens, as it happens. */
  readonly onEvent?: (event: RunEvent) => void;
  /** Stops the run; what is recorded stays. */
  readonly signal?: AbortSignal;
}
