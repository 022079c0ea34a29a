/** Runs one job in a process of its own, so that a crash, a leak or a full memory takes nothing else down. */
import { execaNode } from 'execa';
import type { EpochRecord } from '../../results/record.js';
import { loaderOptions, ownModule } from '../own-module.js';
import { saysOutOfMemory } from './out-of-memory.js';
import { type Job, type WorkerMessage, workerMessageSchema } from './worker-protocol.js';

export interface WorkerEvents {
  readonly onProgress?: (done: number, total: number) => void;
  readonly onEpoch?: (epoch: EpochRecord) => void;
  readonly onBatch?: (fitting: number) => void;
  /** Ends the process; the job's promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

export type WorkerOutcome = Exclude<WorkerMessage, { say: 'progress' | 'epoch' | 'batch-fits' }>;

/** The job's last message. A process that dies without one has failed, and the outcome says how it died. */
export const runWorker = async (
  job: Job,
  { onProgress, onEpoch, onBatch, signal }: WorkerEvents = {},
): Promise<WorkerOutcome> => {
  signal?.throwIfAborted();
  const main = ownModule('./worker-main', import.meta.url);
  const worker = execaNode(main, {
    nodeOptions: loaderOptions(main),
    ipc: true,
    ipcInput: job,
    stdin: 'ignore',
    stdout: 'ignore',
    buffer: { stderr: true, ipc: false },
    maxBuffer: { stderr: MAX_STDERR },
    reject: false,
    forceKillAfterDelay: 2000,
    ...(signal === undefined ? {} : { cancelSignal: signal }),
  });
  let outcome: WorkerOutcome | null = null;
  try {
    for await (const raw of worker.getEachMessage()) {
      const message = workerMessageSchema.parse(raw);
      if (message.say === 'progress') onProgress?.(message.done, message.total);
      else if (message.say === 'epoch') onEpoch?.(message.epoch);
      else if (message.say === 'batch-fits') onBatch?.(message.batch);
      else outcome = message;
    }
  } finally {
    worker.kill();
  }
  const { exitCode, signal: killedBy, stderr } = await worker;
  signal?.throwIfAborted();
  return outcome ?? deathOf(exitCode, killedBy, stderr);
};

const MAX_STDERR = 20_000;

const deathOf = (
  exitCode: number | undefined,
  signal: string | undefined,
  stderr: string | undefined,
): Extract<WorkerOutcome, { say: 'failed' }> => {
  const words = stderr?.trim() ?? '';
  const how =
    signal === undefined
      ? `The process ended with exit code ${exitCode}.`
      : `The process was killed by ${signal}${signal === 'SIGKILL' ? ', often for lack of memory' : ''}.`;
  const lastWords = words.split('\n').slice(-3).join(' ');
  return {
    say: 'failed',
    error: lastWords === '' ? how : `${how} Its last words: ${lastWords}`,
    outOfMemory: signal === 'SIGKILL' || saysOutOfMemory(words),
  };
};
