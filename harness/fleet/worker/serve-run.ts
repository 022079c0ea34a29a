/** A worker's part in one run: takes its tasks until there are no more. */
import { type Job, UnrecoverableError, WaitingError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { DeviceKind } from '../../../results/measurement/device.js';
import { temporaryFolder } from '../../files/temporary-folder.js';
import { reuseResults } from '../../run/cache/reuse.js';
import { writeGraph } from '../../run/folder/graph-files.js';
import { lendGpus } from '../../run/worker/places/lend-gpus.js';
import { pause } from '../pause.js';
import type { Announcement, Answer } from '../payload.js';
import { measuringQueue, PREFIX, queueKeys, sheetOf, trainingQueue, workersOf } from '../redis/names.js';
import { RENEW_MS, register } from '../redis/register.js';
import type { FetchedSheet } from '../sheet.js';
import { measureTask } from './measure-task.js';
import { trainTask } from './train-task.js';

export interface Service {
  readonly redis: Redis;
  readonly announcement: Announcement;
  readonly sheet: FetchedSheet;
  /** Of this worker. */
  readonly id: string;
  readonly name: string;
  /** Its machine's, for records. */
  readonly recorded: string;
  /** Trials at a time; 0 where it trains none. */
  readonly jobs: number;
  /** GPUs to train on, one trial on each at a time; as many as `jobs` where there are any. */
  readonly gpus?: readonly number[];
  /** Of what this machine has trained for earlier runs; absent where nothing is to be kept. */
  readonly cache?: string;
  /** What it measures latency on; null where it does not. */
  readonly device: { readonly kind: DeviceKind; readonly tags: string[]; readonly id: string } | null;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
  /** Whether its coordinator still wants workers. */
  readonly isWanted: () => Promise<boolean>;
}

/**
 * A job whose lock is not renewed for so long is another worker's: its machine was killed, sleeps, or has no connection. Locks are
 * renewed at half the time, and looked at every `stalledInterval`.
 */
const LOCK = { lockDuration: 15_000, stalledInterval: 5_000 };

/** How often a job may be lost before it is given up: it may be what brings machines down. */
const MOST_LOST = 5;

/** How long a machine that measures waits for that to begin before it trains: three looks of the coordinator. */
const MEASURE_FIRST_MS = 3 * RENEW_MS;

/**
 * Ends when the run is over, or when it is stopped: what is begun then goes back, with its last checkpoint. Rejects where this machine
 * cannot do its work, for example where its disk is full; the work goes back then, too.
 */
export const serveRun = async (service: Service): Promise<void> => {
  const { redis, announcement, sheet, jobs, device, recorded, say } = service;
  const { run } = announcement;
  const unable = new AbortController();
  const signal = AbortSignal.any([service.signal, unable.signal]);
  const folder = await temporaryFolder('worker');
  for (const [id, text] of sheet.graphs) await writeGraph(folder.path, id, text);
  const { plan, limits } = sheet;
  const bench = {
    ...{ redis, run, plan, limits, say },
    ...{ directory: folder.path, graphs: folder.path, machine: recorded },
    lend: lendGpus(service.gpus),
    reuse: reuseResults({
      plan,
      folder: service.cache,
      origin: { run, folder: 'a worker' },
      onTrouble: say,
    }),
  };
  const listen = (
    queue: string,
    concurrency: number,
    task: (job: Job, stop: AbortSignal) => Promise<Answer>,
  ): Worker => {
    const process = async (job: Job, token?: string, lost?: AbortSignal): Promise<Answer> => {
      try {
        return await task(job, AbortSignal.any([signal, ...(lost === undefined ? [] : [lost])]));
      } catch (error) {
        if (lost?.aborted || error instanceof UnrecoverableError) throw error;
        if (!signal.aborted) unable.abort(error);
        await job.moveToWait(token);
        throw new WaitingError();
      }
    };
    const worker = new Worker(queue, process, {
      ...{ connection: redis, prefix: PREFIX, concurrency, autorun: false },
      ...{ maxStalledCount: MOST_LOST, ...LOCK },
    });
    worker.on('error', () => {});
    // Somebody else does them now.
    worker.on('lockRenewalFailed', (ids) => {
      for (const id of ids) worker.cancelJob(id, 'Its lock was lost.');
    });
    return worker;
  };
  const training =
    jobs === 0 ? null : listen(trainingQueue(run), jobs, (job, stop) => trainTask(bench, job, stop));
  let measurements = 0;
  const measuring =
    device === null
      ? null
      : listen(measuringQueue(run, device.id), 1, async (job, stop) => {
          measurements += 1;
          // Nothing else may run meanwhile: what has begun ends, what waits stays.
          await training?.pause();
          return measureTask(bench, sheet.latencyLimits, device, job, stop).finally(() => training?.resume());
        });
  const workers = [training, measuring].flatMap((worker) => worker ?? []);
  const present = stayPresent(service);
  try {
    // It rejects only where it is closed.
    measuring?.run().catch(() => {});
    if (measuring !== null) await untilMeasured(() => measurements > 0, signal);
    training?.run().catch(() => {});
    await untilOver({ ...service, signal });
  } finally {
    await present.end();
    await Promise.all(workers.map((worker) => worker.close()));
    folder.remove();
    await dropLeftovers(redis, run);
  }
  unable.signal.throwIfAborted();
};

/** Until it has begun, or it is not going to be. The task itself holds up the training then. */
const untilMeasured = async (hasBegun: () => boolean, signal: AbortSignal): Promise<void> => {
  const until = performance.now() + MEASURE_FIRST_MS;
  while (!hasBegun() && performance.now() < until && !signal.aborted) await pause(100, signal);
};

const stayPresent = ({ redis, announcement, ...service }: Service): { readonly end: () => Promise<void> } => {
  const { id, name, jobs, device } = service;
  const present = register(redis, workersOf(announcement.run));
  const entry = { id, machine: name, process: process.pid, jobs, device: device?.id ?? null };
  const renew = (): void => void present.put(id, entry).catch(() => {});
  renew();
  const timer = setInterval(renew, RENEW_MS);
  return {
    end: async () => {
      clearInterval(timer);
      await present.remove(id);
    },
  };
};

const untilOver = async ({ redis, announcement, signal, isWanted }: Service): Promise<void> => {
  while (!signal.aborted && ((await isWanted()) || (await hasWork(redis, announcement.run)))) {
    await pause(RENEW_MS, signal);
  }
};

/** A run that is over has no sheet; what a queue leaves behind while workers were still listening to it goes, too. */
const dropLeftovers = async (redis: Redis, run: string): Promise<void> => {
  if ((await redis.exists(sheetOf(run))) === 1) return;
  const keys = await redis.keys(queueKeys(run));
  if (keys.length > 0) await redis.del(keys);
};

/** Its coordinator may sleep; what is queued is still wanted. */
const hasWork = async (redis: Redis, run: string): Promise<boolean> => {
  const keyOf = (list: string): string => `${PREFIX}:${trainingQueue(run)}:${list}`;
  const [waiting, active] = await Promise.all([redis.llen(keyOf('wait')), redis.llen(keyOf('active'))]);
  return waiting + active > 0;
};
