/** A worker process: takes one job from its parent, tells how it goes, and ends. It never outlives its parent. */
import { getOneMessage, sendMessage } from 'execa';
import { UserError } from '../user-error.js';
import { tryBatches } from './fitting-batch.js';
import { measurePlan } from './latency.js';
import { isOutOfMemory } from './out-of-memory.js';
import { runTrial } from './trial.js';
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
    return await workOn(job);
  } catch (error) {
    return { say: 'failed', error: explain(error), outOfMemory: isOutOfMemory(error) };
  }
};

const workOn = (job: Job): Promise<WorkerMessage> => {
  switch (job.job) {
    case 'trial':
      return doTrial(job);
    case 'latency':
      return doLatency(job);
    case 'fitting-batch':
      return doFittingBatch(job);
    default:
      return job satisfies never;
  }
};

const doTrial = async ({ plan, key, directory }: Extract<Job, { job: 'trial' }>): Promise<WorkerMessage> => {
  const result = await runTrial(plan, key, directory, {
    onStep: throttled((done, total) => void say({ say: 'progress', done, total })),
    onEpoch: (epoch) => void say({ say: 'epoch', epoch }),
  });
  return { say: 'trial-done', result };
};

const doLatency = async ({ plan }: Extract<Job, { job: 'latency' }>): Promise<WorkerMessage> => {
  const onProgress = throttled((done, total) => void say({ say: 'progress', done, total }));
  return { say: 'latency-done', ...(await measurePlan(plan, onProgress)) };
};

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
