/** One training of a run, as a worker does it: in a process of its own, with what another worker has left of it. */
import { join } from 'node:path';
import { type Job, UnrecoverableError } from 'bullmq';
import type { Redis } from 'ioredis';
import { describeIssues } from '../../../results/parse.js';
import type { Plan } from '../../../results/plan/plan.js';
import { tuningSeed } from '../../../results/run/tuning.js';
import type { Origin } from '../../../results/training/origin.js';
import { machineName } from '../../measure/machine/device.js';
import type { Reuse } from '../../run/cache/reuse.js';
import { dropTraining } from '../../run/folder/checkpoint-file.js';
import type { WorkerLimits } from '../../run/worker/limits.js';
import type { LendGpu } from '../../run/worker/places/lend-gpus.js';
import type { Job as WorkerJob } from '../../run/worker/protocol.js';
import { runWorker, type WorkerEvents, type WorkerOutcome } from '../../run/worker/run-worker.js';
import { UserError } from '../../user/user-error.js';
import { dropWeights } from '../../weights/keep.js';
import { offerCheckpoint, takeCheckpoint } from '../checkpoints.js';
import { type Answer, type Progress, type Task, taskSchema } from '../payload.js';
import { MOST_SENT_BYTES, sendWeights } from '../weights.js';

export interface TrainingBench {
  readonly redis: Redis;
  readonly run: string;
  /** Without trials. */
  readonly plan: Plan;
  readonly limits: WorkerLimits;
  readonly directory: string;
  readonly graphs: string;
  /** For records. */
  readonly machine: string;
  readonly lend: LendGpu;
  /** Of what this machine has trained for earlier runs. */
  readonly reuse: Reuse;
  readonly say: (line: string) => void;
}

/** Progress that is told at most, milliseconds: hundreds of trainings may tell it. */
const TELL_MS = 2_000;

/** Rejects with the signal's reason where it is stopped, and with UnrecoverableError where the task is none of this run. */
export const trainTask = async (bench: TrainingBench, job: Job, signal: AbortSignal): Promise<Answer> => {
  const task = checkedTask(job.data, bench.plan);
  const { redis, run, directory, machine, say } = bench;
  const name = nameOf(task);
  const file = { directory, key: task.key };
  const tell = (progress: Progress): void => {
    job.updateProgress(progress).catch(() => {});
  };
  const found = await foundHere(bench, task);
  if (found !== null) {
    await sendKept(bench, task, found.message);
    say(`${name}: done by an earlier run`);
    return { ...found, machine };
  }
  await takeCheckpoint(redis, run, file);
  say(`${name}: begun`);
  tell({ kind: 'begun', machine: machineName() });
  let last = 0;
  let refusal: string | null = null;
  let sharing: Promise<unknown> = Promise.resolve();
  const share = async (): Promise<void> => {
    const why = await offerCheckpoint(redis, run, file);
    if (why !== null && refusal === null) say(`${name}: ${why}`);
    refusal = why;
  };
  const events: WorkerEvents = {
    onProgress: (done, total) => {
      const now = performance.now();
      if (now - last < TELL_MS) return;
      last = now;
      tell({ kind: 'share', done, total });
    },
    onEpoch: (epoch) => {
      tell({ kind: 'epoch', epoch });
      sharing = sharing.then(share).catch(() => {});
    },
    limits: bench.limits,
    signal,
  };
  const message = await bench.lend((where) => runWorker({ ...workerJob(task, bench), ...where }, events));
  await sharing;
  if (message.say === 'failed' && message.cause === 'disk-full') {
    throw new UserError(message.error, 'Free some space here, and start the worker again.');
  }
  await keepHere(bench, task, message);
  await sendKept(bench, task, message);
  await dropTraining(directory, task.key);
  say(`${name}: ${message.say === 'failed' ? `failed: ${message.error}` : 'done'}`);
  return { message, machine };
};

/** What an earlier run has left on this machine. */
const foundHere = async (
  bench: TrainingBench,
  task: TrainingTask,
): Promise<{ readonly message: WorkerOutcome; readonly from: Origin } | null> => {
  const training = trainingOf(bench.plan, task);
  if (task.task === 'try') {
    const found = await bench.reuse.findTry(training);
    return found && { message: { say: 'try-done', result: found.result }, from: found.from };
  }
  const wanted = task.weightBytes === undefined ? undefined : weightsFile(bench, task.key);
  const found = await bench.reuse.findTrial(training, wanted);
  if (found === null) return null;
  const { result, weights, from } = found;
  return { message: { say: 'trial-done', result, weights }, from };
};

/** For later runs. */
const keepHere = async (bench: TrainingBench, task: TrainingTask, message: WorkerOutcome): Promise<void> => {
  const training = trainingOf(bench.plan, task);
  if (message.say === 'trial-done') {
    const { result, weights } = message;
    await bench.reuse.keepTrial(training, { result, weights }, weightsFile(bench, task.key));
  } else if (message.say === 'try-done') await bench.reuse.keepTry(training, message.result);
};

const trainingOf = (plan: Plan, task: TrainingTask) => ({
  candidate: task.candidate,
  learningRate: task.learningRate ?? null,
  seed: task.task === 'trial' ? task.seed : tuningSeed(plan),
});

/** Trained weights, where there are any; here they are kept no longer. */
const sendKept = async (
  bench: TrainingBench,
  { key }: TrainingTask,
  message: WorkerOutcome,
): Promise<void> => {
  const weights = weightsFile(bench, key);
  if (message.say === 'trial-done' && message.weights.state === 'kept') {
    await sendWeights(bench.redis, bench.run, key, weights);
  }
  await dropWeights(weights);
};

type TrainingTask = Exclude<Task, { task: 'measure' }>;

const checkedTask = (data: unknown, plan: Plan): TrainingTask => {
  const parsed = taskSchema.safeParse(data);
  if (!parsed.success) throw new UnrecoverableError(`The job is malformed: ${describeIssues(parsed.error)}.`);
  const { data: task } = parsed;
  if (task.task === 'measure')
    throw new UnrecoverableError('The job asks for a measurement, not a training.');
  if (plan.candidates.some(({ name }) => name === task.candidate)) return task;
  throw new UnrecoverableError(`The run has no candidate ${task.candidate}.`);
};

/** With as much of the plan as the training needs. */
const workerJob = (task: TrainingTask, bench: TrainingBench): WorkerJob => {
  const { plan, directory, graphs } = bench;
  const { key, candidate } = task;
  const part = { ...plan, candidates: plan.candidates.filter(({ name }) => name === candidate) };
  if (task.task === 'try') {
    const tries = [{ key, candidate, learningRate: task.learningRate }];
    return { job: 'try', key, plan: { ...part, tries }, directory, graphs };
  }
  const { seed, learningRate, weightBytes } = task;
  const trials = [{ key, candidate, seed }];
  const tuned = learningRate === undefined ? {} : { learningRate };
  const weights =
    weightBytes === undefined
      ? {}
      : { weights: { file: weightsFile(bench, key), mostBytes: Math.min(weightBytes, MOST_SENT_BYTES) } };
  return { job: 'trial', key, plan: { ...part, trials }, directory, graphs, ...tuned, ...weights };
};

/** Until they are sent. */
const weightsFile = ({ directory }: TrainingBench, key: string): string =>
  join(directory, `${key}.safetensors`);

const nameOf = (task: TrainingTask): string =>
  task.task === 'try'
    ? `${task.candidate}, learning rate ${task.learningRate}`
    : `${task.candidate}, seed ${task.seed}`;
