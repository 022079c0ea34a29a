/** A trainer or predictor in a process of its own, driven by lines of JSON, so that its time and its memory are its alone. */
import { createInterface } from 'node:readline/promises';
import { execa } from 'execa';
import { workerEnvironment } from '../harness/run/worker/large-pages.js';

export type Mode = 'training' | 'inference';

/** What every contender is asked to run; `network` is a name of `BENCHMARK_NETWORKS`. */
export interface Job {
  readonly network: string;
  readonly batch: number;
  readonly mode: Mode;
  readonly threads: number;
}

export interface Sample {
  /** Seconds of each step. */
  readonly seconds: readonly number[];
  /** Of each step, by all threads of the process. */
  readonly processorSeconds: readonly number[];
  /** The most memory that the process has held so far, above what it held before it built the network. */
  readonly peakBytes: number;
}

export interface Contender {
  readonly name: string;
  run(steps: number): Promise<Sample>;
  close(): Promise<void>;
}

/** Starts the command, to train with large pages as a trial does, and gives it its job; it answers `{"steps": n}` with a sample. */
export const startContender = <J extends Job>(
  name: string,
  [command, ...args]: readonly [string, ...string[]],
  job: J,
): Contender => {
  const child = execa(command, args, {
    buffer: false,
    env: workerEnvironment(job.mode === 'training' ? 'trial' : 'latency'),
  });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  child.stdin.write(`${JSON.stringify(job)}\n`);
  return {
    name,
    run: async (steps) => {
      child.stdin.write(`${JSON.stringify({ steps })}\n`);
      const { value } = await answers.next();
      return JSON.parse(value);
    },
    close: async () => {
      child.stdin.end();
      await child;
    },
  };
};
