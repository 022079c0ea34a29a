/** Worker processes that are started before they are needed: loading the library takes longer than a short trial. */
import type { Plan } from '../../../results/plan.js';
import type { Job } from './protocol.js';
import {
  runWorker,
  type StartedWorker,
  startWorker,
  type WorkerEvents,
  type WorkerOutcome,
} from './run-worker.js';

export interface Workers {
  /** As runWorker. */
  readonly run: (job: Job, events: WorkerEvents) => Promise<WorkerOutcome>;
  /** Ends the processes that have not been given a job. */
  readonly close: () => Promise<void>;
}

/**
 * While a job runs, the process of the next one is started, as soon as the first has begun to train: never more of them than jobs that
 * run, nor than are still expected. All jobs are of the plan.
 */
export const warmWorkers = (plan: Plan, expected: number): Workers => {
  const waiting: StartedWorker[] = [];
  let [started, running] = [0, 0];
  const start = (): StartedWorker => {
    started += 1;
    return startWorker('trial', plan);
  };
  const warm = (): void => {
    if (started < expected && waiting.length < running) waiting.push(start());
  };
  /** One that waits, unless it has died meanwhile. */
  const take = (): StartedWorker => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      if (next.worker.exitCode === null && next.worker.signalCode === null) return next;
    }
    return start();
  };
  return {
    run: async (job, { onProgress, signal, ...events }) => {
      signal?.throwIfAborted();
      running += 1;
      let isTraining = false;
      const progressed: WorkerEvents['onProgress'] = (done, total) => {
        if (!isTraining) warm();
        isTraining = true;
        onProgress?.(done, total);
      };
      try {
        return await runWorker(
          job,
          { ...events, onProgress: progressed, ...(signal === undefined ? {} : { signal }) },
          take(),
        );
      } finally {
        running -= 1;
      }
    },
    close: async () => {
      const idle = waiting.splice(0).map(({ worker }) => worker);
      for (const worker of idle) worker.kill();
      await Promise.all(idle);
    },
  };
};
