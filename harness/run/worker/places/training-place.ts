/** Where the trainings of a run are done: in processes of this machine, or on others. */

import { weightsPath } from '../../../../results/model/weights.js';
import type { Plan } from '../../../../results/plan/plan.js';
import type { Origin } from '../../../../results/training/origin.js';
import type { TrainingJob } from '../protocol.js';
import type { WorkerEvents, WorkerOutcome } from '../run-worker.js';
import { lendGpus } from './lend-gpus.js';
import { warmWorkers } from './warm-workers.js';

/** One training that a plan asks for. */
export type Training =
  | {
      readonly task: 'trial';
      readonly key: string;
      readonly candidate: string;
      readonly seed: number;
      /** In place of the recipe's, where it was tuned. */
      readonly learningRate?: number;
      /** Bytes that the file of its trained weights may have; absent where they are not wanted. */
      readonly weightBytes?: number;
    }
  | { readonly task: 'try'; readonly key: string; readonly candidate: string; readonly learningRate: number };

export interface TrainingEvents extends WorkerEvents {
  /** It has begun, on this machine where it is another than the run's; where it is begun again elsewhere, this is not said again. */
  readonly onStart?: (machine: string | null) => void;
}

export interface Trained {
  readonly outcome: WorkerOutcome;
  /** The machine that did it, where it may be another than the coordinator's. */
  readonly machine?: string;
  /** Of a result that an earlier run has left on that machine. */
  readonly from?: Origin;
  /** How often it was begun again because the machine that did it was lost. */
  readonly lost?: number;
}

/** Of one run. */
export interface Trainings {
  /** Rejects with the signal's reason where it is stopped. */
  readonly train: (training: Training, events: TrainingEvents) => Promise<Trained>;
  readonly close: () => Promise<void>;
}

export interface TrainingPlace {
  /** Trainings that may be asked for at a time. */
  readonly atOnce: number;
  /** For the run in this folder, which expects the trainings of these keys in this order. */
  readonly begin: (plan: Plan, directory: string, expected: readonly string[]) => Trainings;
  /** Is told once an outcome is in the journal: it need not be kept anywhere else. */
  readonly recorded: (key: string) => void;
}

/** So many trainings at a time, or one on each of these GPUs. */
export const thisMachine = (jobs: number, gpus?: readonly number[]): TrainingPlace => ({
  atOnce: gpus?.length ?? jobs,
  begin: (plan, directory, expected) => {
    // Two networks at a time may be more than a GPU's memory takes.
    const isOnCpu = plan.conditions.engine.device === 'cpu';
    const workers = warmWorkers(expected, (key) => ({
      job: 'prepare',
      plan,
      ...(isOnCpu ? { next: { key, directory } } : {}),
    }));
    const lend = lendGpus(gpus);
    return {
      train: async (training, { onStart = () => {}, ...events }) => {
        onStart(null);
        const job = jobOf(plan, directory, training);
        return { outcome: await lend((where) => workers.run({ ...job, ...where }, events)) };
      },
      close: workers.close,
    };
  },
  recorded: () => {},
});

const jobOf = (plan: Plan, directory: string, training: Training): TrainingJob => {
  const { task: job, key } = training;
  if (job === 'try') return { job, plan, key, directory };
  const { learningRate, weightBytes } = training;
  return {
    ...{ job, plan, key, directory },
    ...(learningRate === undefined ? {} : { learningRate }),
    ...(weightBytes === undefined
      ? {}
      : { weights: { file: weightsPath(directory, plan, training), mostBytes: weightBytes } }),
  };
};
