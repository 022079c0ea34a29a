/** Runs one job in a process of its own, so that a crash, a leak or a full memory takes nothing else down. */
import { execaNode } from 'execa';
import type { FailureCause } from '../../../results/training/failure.js';
import type { EpochRecord } from '../../../results/training/trial.js';
import { loaderOptions, ownModule } from '../../package/own-module.js';
import { lastWords } from '../../process/last-words.js';
import { workerEnvironment } from './large-pages.js';
import { enforceLimits, type WorkerLimits } from './limits.js';
import { saysOutOfMemory } from './out-of-memory.js';
import { type Job, type Preparation, type WorkerMessage, workerMessageSchema } from './protocol.js';

export interface WorkerEvents {
  readonly onProgress?: (done: number, total: number) => void;
  readonly onEpoch?: (epoch: EpochRecord) => void;
  readonly onBatch?: (fitting: number) => void;
  readonly onStepTime?: (candidate: string, seconds: number) => void;
  readonly limits?: WorkerLimits;
  /** Ends the process; the job's promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

export type WorkerOutcome = Exclude<
  WorkerMessage,
  { say: 'progress' | 'epoch' | 'batch-fits' | 'step-time' }
>;

/** A process that waits for a job of this kind, and meanwhile prepares for it where it is told what for. */
export const startWorker = (kind: Job['job'], preparation?: Preparation) => {
  const main = ownModule('./worker-main', import.meta.url);
  const worker = execaNode(main, {
    nodeOptions: loaderOptions(main),
    env: workerEnvironment(kind),
    ipc: true,
    stdin: 'ignore',
    buffer: false,
    ...(preparation === undefined ? {} : { ipcInput: preparation }),
    reject: false,
    forceKillAfterDelay: 2000,
  });
  return { worker, words: lastWords(worker.stdout, worker.stderr) };
};

export type StartedWorker = ReturnType<typeof startWorker>;

/** The job's last message. A process that dies without one has failed, and the outcome says how it died. */
export const runWorker = async (
  job: Job,
  { onProgress, onEpoch, onBatch, onStepTime, limits = {}, signal }: WorkerEvents = {},
  { worker, words }: StartedWorker = startWorker(job.job),
): Promise<WorkerOutcome> => {
  const stop = (): void => void worker.kill();
  if (signal?.aborted) stop();
  signal?.addEventListener('abort', stop);
  const watch = enforceLimits(worker, limits);
  let outcome: WorkerOutcome | null = null;
  try {
    // One that has died by now is known by how it ended.
    await worker.sendMessage(job).catch(() => {});
    for await (const raw of worker.getEachMessage()) {
      const message = workerMessageSchema.parse(raw);
      if (message.say === 'progress') onProgress?.(message.done, message.total);
      else if (message.say === 'epoch') onEpoch?.(message.epoch);
      else if (message.say === 'batch-fits') onBatch?.(message.batch);
      else if (message.say === 'step-time') onStepTime?.(message.candidate, message.seconds);
      else outcome = message;
    }
  } finally {
    watch.end();
    signal?.removeEventListener('abort', stop);
    worker.kill();
  }
  const { exitCode, signal: killedBy } = await worker;
  signal?.throwIfAborted();
  if (outcome !== null && outcome.say !== 'failed') return outcome;
  const failure = outcome ?? watch.broken() ?? deathOf(exitCode, killedBy, words.text());
  const lines = words.lines();
  return { say: 'failed', ...failure, ...(lines.length === 0 ? {} : { lastLines: [...lines] }) };
};

interface Failure {
  readonly error: string;
  readonly cause: FailureCause;
}

const deathOf = (exitCode: number | undefined, signal: string | undefined, words: string): Failure => {
  const how =
    signal === undefined
      ? `The process ended with exit code ${exitCode}.`
      : `The process was killed by ${signal}${signal === 'SIGKILL' ? ', often for lack of memory' : ''}.`;
  const last = words.split('\n').slice(-3).join(' ');
  return {
    error: last === '' ? how : `${how} Its last words: ${last}`,
    cause: causeOf(signal, words),
  };
};

/** Aborts and faults are a process's own end. */
const OWN_SIGNALS: ReadonlySet<string> = new Set([
  'SIGABRT',
  'SIGSEGV',
  'SIGBUS',
  'SIGILL',
  'SIGFPE',
  'SIGTRAP',
]);

const causeOf = (signal: string | undefined, words: string): FailureCause => {
  if (saysOutOfMemory(words) || signal === 'SIGKILL') return 'out-of-memory';
  return signal === undefined || OWN_SIGNALS.has(signal) ? 'crashed' : 'killed';
};
