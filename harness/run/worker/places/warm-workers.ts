/** Worker processes that are started before they are needed: loading the library and building a network takes longer than a short trial. */
import type { Preparation, TrainingJob } from '../protocol.js';
import {
  runWorker,
  type StartedWorker,
  startWorker,
  type WorkerEvents,
  type WorkerOutcome,
} from '../run-worker.js';

export interface Workers {
  /** As runWorker. */
  readonly run: (job: TrainingJob, events: WorkerEvents) => Promise<WorkerOutcome>;
  /** Ends the processes that have not been given a job. */
  readonly close: () => Promise<void>;
}

/** A process, and the training that it prepares for. */
interface Waiting {
  readonly key: string;
  readonly started: StartedWorker;
}

/**
 * While a job runs, the process of the next one is started and prepared, as soon as the first has begun to train: never more of them
 * than jobs that run. Trainings come in the order in which they are expected; one that is left out or repeated costs no more than a start.
 */
export const warmWorkers = (
  expected: readonly string[],
  preparationFor: (key: string) => Preparation,
): Workers => {
  const upcoming = new Set(expected);
  const waiting: Waiting[] = [];
  let running = 0;
  const warm = (): void => {
    const [key] = upcoming;
    if (key === undefined || waiting.length >= running) return;
    upcoming.delete(key);
    waiting.push({ key, started: startWorker('trial', preparationFor(key)) });
  };
  /** That of the training, unless it has died meanwhile; those of trainings that have been left out end. */
  const take = (key: string): StartedWorker | undefined => {
    upcoming.delete(key);
    const place = waiting.findIndex((one) => one.key === key);
    if (place < 0) return undefined;
    for (const { started } of waiting.splice(0, place)) started.worker.kill();
    const started = waiting.shift()?.started;
    const { exitCode, signalCode } = started?.worker ?? {};
    return exitCode === null && signalCode === null ? started : undefined;
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
          take(job.key),
        );
      } finally {
        running -= 1;
      }
    },
    close: async () => {
      const idle = waiting.splice(0).map(({ started }) => started.worker);
      for (const worker of idle) worker.kill();
      await Promise.all(idle);
    },
  };
};
