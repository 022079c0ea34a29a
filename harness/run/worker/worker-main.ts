/**
 * A worker process: takes one job from its parent, tells how it goes, and ends. It never outlives its parent. It starts once a trial, so
 * that it loads what its job needs and no more.
 */
import { promisify } from 'node:util';
import type { FailureCause } from '../../../results/training/failure.js';
import { isDiskFull } from '../../files/system-error.js';
import { type PhaseClock, phaseClock } from '../../train/phase-clock.js';
import { UserError } from '../../user/user-error.js';
import type { TrainingProgress } from './jobs/train-planned.js';
import { isOutOfMemory } from './out-of-memory.js';
import { type Job, jobSchema, type Preparation, type WorkerMessage } from './protocol.js';

/** Messages of progress that are sent at most; a step may take a millisecond. */
const PROGRESS_MS = 200;

const main = async (): Promise<void> => {
  const orphaned = (): never => process.exit(1);
  process.on('disconnect', orphaned);
  for (const event of ['uncaughtException', 'unhandledRejection']) {
    process.on(event, (error: unknown) => {
      void say(failure(error)).finally(orphaned);
    });
  }
  // Ctrl-C reaches the whole process group; the parent decides what it means.
  process.on('SIGINT', () => {});
  if (!process.connected) orphaned();
  const next = messages();
  let job = jobSchema.parse((await next()).content);
  if (job.job === 'prepare') {
    // What goes wrong now goes wrong again, and is told of, when the job is done.
    await prepared(job).catch(() => {});
    const asked = await next();
    job = jobSchema.parse(asked.content);
    begun = asked.at;
  }
  if (job.job === 'prepare') throw new Error('A worker prepares once.');
  await say(await outcomeOf(job));
  process.off('disconnect', orphaned);
  process.disconnect();
};

/** Since the start of the process, when its job began to keep somebody waiting: from the first where it was not prepared ahead. */
let begun = 0;

const prepared = async (preparation: Preparation): Promise<void> => {
  const [{ prepare }] = await Promise.all([import('./jobs/prepare.js'), import('./jobs/trial.js')]);
  await prepare(preparation);
};

interface Message {
  readonly content: unknown;
  /** When it came, milliseconds since the start of the process. */
  readonly at: number;
}

/** The parent's messages, one after the other. */
const messages = (): (() => Promise<Message>) => {
  const received: Message[] = [];
  let take: ((message: Message) => void) | null = null;
  process.on('message', (content) => {
    const message = { content, at: performance.now() };
    if (take === null) received.push(message);
    else take(message);
    take = null;
  });
  return () =>
    new Promise((resolve) => {
      const first = received.shift();
      if (first === undefined) take = resolve;
      else resolve(first);
    });
};

const outcomeOf = async (job: Job): Promise<WorkerMessage> => {
  try {
    return await perform(job);
  } catch (error) {
    return failure(error);
  }
};

const failure = (error: unknown): WorkerMessage => ({
  say: 'failed',
  error: explain(error),
  cause: causeOf(error),
});

const causeOf = (error: unknown): FailureCause => {
  if (error instanceof Error && error.name === 'TrainingFailure') return 'diverged';
  if (isDiskFull(error)) return 'disk-full';
  if (isOutOfMemory(error)) return 'out-of-memory';
  return error instanceof Error && error.name === 'EngineProcessEnded' ? 'crashed' : 'error';
};

const perform = async (job: Job): Promise<WorkerMessage> => {
  switch (job.job) {
    case 'trial':
      return doTrial(job);
    case 'try':
      return doTry(job);
    case 'latency':
      return doLatency(async (onProgress) => {
        const { measurePlan } = await import('./jobs/measure-plan.js');
        return measurePlan(job, onProgress);
      });
    case 'model-latency':
      return doLatency(async (onProgress) => {
        const { measureModels } = await import('./jobs/measure-models.js');
        return measureModels(job, onProgress);
      });
    case 'fitting-batch':
      return doFittingBatch(job);
    case 'step-times': {
      const { timeSteps } = await import('./jobs/step-times.js');
      await timeSteps(job.plan, job.candidates, job.withinSeconds, (candidate, seconds) =>
        say({ say: 'step-time', candidate, seconds }),
      );
      return { say: 'steps-timed' };
    }
  }
};

const doTrial = async (job: Extract<Job, { job: 'trial' }>): Promise<WorkerMessage> => {
  await onGpu(job.gpu);
  const { runTrial } = await import('./jobs/trial.js');
  return { say: 'trial-done', ...(await runTrial(job, trainingProgress())) };
};

const doTry = async (job: Extract<Job, { job: 'try' }>): Promise<WorkerMessage> => {
  await onGpu(job.gpu);
  const { runTry } = await import('./jobs/rate-try.js');
  const { TrainingFailure } = await import('../../train/train-epoch.js');
  try {
    return { say: 'try-done', result: await runTry(job, trainingProgress()) };
  } catch (error) {
    if (error instanceof TrainingFailure) return { say: 'try-diverged', reason: error.message };
    throw error;
  }
};

const onGpu = async (gpu: number | undefined): Promise<void> => {
  if (gpu === undefined) return;
  const { chooseGpu } = await import('../../engines/pytorch/device.js');
  chooseGpu(gpu);
};

const trainingProgress = (): TrainingProgress => ({
  clock: startedClock(),
  onStep: throttled((done, total) => void say({ say: 'progress', done, total })),
  onEpoch: (epoch) => void say({ say: 'epoch', epoch }),
});

/** What came before the job counts, as far as it was waited for. */
const startedClock = (): PhaseClock => {
  const clock = phaseClock();
  clock.add('start', (performance.now() - begun) / 1000);
  return clock;
};

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
  const { tryBatches } = await import('./jobs/fitting-batch.js');
  await tryBatches(plan, candidate, (batch) => say({ say: 'batch-fits', batch }));
  return { say: 'all-batches-fit' };
};

const say = async (message: WorkerMessage): Promise<void> => {
  if (!process.send) throw new Error('A worker process is started by a run, which it answers.');
  await promisify((done: (error: Error | null) => void) => process.send?.(message, undefined, {}, done))();
};

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
