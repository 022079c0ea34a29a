/** A worker process: takes one job from its parent, tells how it goes, and ends. It never outlives its parent. */
import { getOneMessage, sendMessage } from 'execa';
import { TrainingFailure } from '../train/loop.js';
import { UserError } from '../user-error.js';
import { tryBatches } from './fitting-batch.js';
import { measurePlan } from './latency.js';
import { measureModels } from './model-latency.js';
import { isOutOfMemory } from './out-of-memory.js';
import type { TrainingProgress } from './train-planned.js';
import { runTrial } from './trial.js';
import { runTry } from './try.js';
import { type Job, jobSchema, type WorkerMessage } from './worker-protocol.js';

/** Messages of progress that are sent at most; a step may take a millisecond. */
const PROGRESS_MS = 200;

const main = async (): Promise<void> => {
  process.on('disconnect', () => process.exit(1));
  // Ctrl-C reaches the whole process group; the parent decides what it means.
  process.on('SIGINT', () => {});
  const job = jobSchema.parse(await getOneMessage());
  await say(await outcomeOf(job));
  process.disconnect();
};

const outcomeOf = async (job: Job): Promise<WorkerMessage> => {
  try {
    return await perform(job);
  } catch (error) {
    return { say: 'failed', error: explain(error), outOfMemory: isOutOfMemory(error) };
  }
};

const perform = async (job: Job): Promise<WorkerMessage> => {
  switch (job.job) {
    case 'trial':
      return { say: 'trial-done', result: await runTrial(job, trainingProgress()) };
    case 'try':
      return doTry(job);
    case 'latency':
      return doLatency((onProgress) => measurePlan(job.plan, job.directory, onProgress));
    case 'model-latency':
      return doLatency((onProgress) => measureModels(job, onProgress));
    case 'fitting-batch':
      return doFittingBatch(job);
  }
};

const doTry = async (job: Extract<Job, { job: 'try' }>): Promise<WorkerMessage> => {
  try {
    return { say: 'try-done', result: await runTry(job, trainingProgress()) };
  } catch (error) {
    if (error instanceof TrainingFailure) return { say: 'try-diverged', reason: error.message };
    throw error;
  }
};

const trainingProgress = (): TrainingProgress => ({
  onStep: throttled((done, total) => void say({ say: 'progress', done, total })),
  onEpoch: (epoch) => void say({ say: 'epoch', epoch }),
});

type Measurement = Omit<Extract<WorkerMessage, { say: 'latency-done' }>, 'say'>;

const doLatency = async (
  measure: (onProgress: (done: number, total: number) => void) => Promise<Measurement>,
): Promise<WorkerMessage> => ({
  say: 'latency-done',
  ...(await measure(throttled((done, total) => void say({ say: 'progress', done, total })))),
});

const doFittingBatch = async ({
  plan,
  candidate,
}: Extract<Job, { job: 'fitting-batch' }>): Promise<WorkerMessage> => {
  await tryBatches(plan, candidate, (batch) => say({ say: 'batch-fits', batch }));
  return { say: 'all-batches-fit' };
};

const say = (message: WorkerMessage): Promise<void> => sendMessage(message);

const throttled = (tell: (done: number, total: number) => void): ((done: number, total: number) => void) => {
  let last = 0;
  return (done, total) => {
    const now = performance.now();
    if (now - last < PROGRESS_MS && done < total) return;
    last = now;
    tell(done, total);
  };
};

const explain = (error: unknown): string => {
  if (error instanceof UserError) return `${error.message} ${error.remedy}`;
  return error instanceof Error ? error.message : String(error);
};

await main();
