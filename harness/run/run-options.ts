import type { RunEvent } from './progress.js';

export interface RunOptions {
  /** Training trials at a time, one thread each; by default one per core. */
  readonly jobs?: number;
  readonly onEvent?: (event: RunEvent) => void;
  /** Stops the run; what is recorded stays. */
  readonly signal?: AbortSignal;
}
