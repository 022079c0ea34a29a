/** Runs one job in a process of its own, so that a crash, a leak or a full memory takes nothing else down. */
import { execaNode } from 'execa';
import type { EpochRecord } from '../../results/record.js';
import { loaderOptions, ownModule } from '../own-module.js';
import { type Job, type WorkerMessage, workerMessageSchema } from './worker-protocol.js';

export interface WorkerEvents {
  readonly onProgress?: (done: number, total: number) => void;
  readonly onEpoch?: (epoch: EpochRecord) => void;
  /** Ends the process; the job's promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

export type WorkerOutcome = Exclude<WorkerMessage, { say: 'progress' | 'epoch' }>;

/** The job's last message. A process that dies without one has failed, and the outcome says how it died. */
export const runWorker = async (
  job: Job,
  { onProgress, onEpoch, signal }: WorkerEvents = {},
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
      else outcome = message;
    }
  } finally {
    worker.kill();
  }
  const { exitCode, signal: killedBy, stderr } = await worker;
  signal?.throwIfAborted();
  return outcome ?? { say: 'failed', error: causeOfDeath(exitCode, killedBy, stderr) };
};

const MAX_STDERR = 20_000;

const causeOfDeath = (
  exitCode: number | undefined,
  signal: string | undefined,
  stderr: string | undefined,
): string => {
  const lastWords = stderr?.trim().split('\n').slice(-3).join(' ') ?? '';
  const how =
    signal === undefined
      ? `The process ended with exit code ${exitCode}.`
      : `The process was killed by ${signal}${signal === 'SIGKILL' ? ' (often for lack of memory: try fewer --jobs)' : ''}.`;
  return lastWords === '' ? how : `${how} Its last words: ${lastWords}`;
};
