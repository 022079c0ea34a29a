/**
 * A worker: a machine that trains trials of the runs announced in Redis, or measures their latencies, or both.
 *
 *   look     for a run that this machine can serve; what it cannot serve is refused in a sentence, here and at the coordinator
 *   serve    that run until it is over
 *
 * It goes on until it is stopped.
 */
import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { DeviceKind } from '../../../results/measurement/device.js';
import { deviceId, machineName, recordedMachine } from '../../measure/machine/device.js';
import { plannedEngine } from '../../run/plan/planned.js';
import { UserError } from '../../user/user-error.js';
import { pause } from '../pause.js';
import { type Announcement, announcementSchema } from '../payload.js';
import { type RedisAddress, withoutCredentials } from '../redis/address.js';
import { connectRedis } from '../redis/connection.js';
import { RUNS, refusalsOf } from '../redis/names.js';
import { register } from '../redis/register.js';
import { readAll } from '../roster.js';
import { fetchSheet } from '../sheet.js';
import { requireSameLightbench, requireTraining } from './requirements.js';
import { serveRun } from './serve-run.js';

export interface WorkOptions {
  readonly address: RedisAddress;
  /** Trials at a time. */
  readonly jobs: number;
  /** Numbers of the GPUs to train on, one trial on each at a time, in place of `jobs`. */
  readonly gpus?: readonly number[];
  /** Folder of what this machine has trained for earlier runs; absent where it keeps nothing. */
  readonly cache?: string;
  readonly tags: readonly string[];
  readonly trains: boolean;
  /** What this machine measures latency on; null where it does not. */
  readonly device: DeviceKind | null;
  /** Is told what this worker does, a line each. */
  readonly say: (line: string) => void;
  /** Stops it: what it has begun goes back to the queue. */
  readonly signal: AbortSignal;
}

const LOOK_MS = 1_000;

/** A run that was not served is looked at again after so long, milliseconds: what was missing may be there. */
const REFUSED_MS = 60_000;

/** Why a run was not served, and until when it is not looked at. */
interface Refused {
  readonly reason: string;
  readonly until: number;
}

/** Ends once it is stopped. Throws UserError where Redis cannot be reached when it begins. */
export const work = async (options: WorkOptions): Promise<void> => {
  const { address, say, signal } = options;
  const redis = await connectRedis(address);
  const id = randomUUID();
  const refused = new Map<string, Refused>();
  let trouble = '';
  try {
    say(`Waiting for runs at ${address.shown}`);
    while (!signal.aborted) {
      try {
        const found = await firstOf(redis, refused);
        if (found === undefined) await pause(LOOK_MS, signal);
        else await serve(found, { ...options, redis, id, refused });
        trouble = '';
      } catch (error) {
        // What Redis refuses now, for want of memory or of disk, it may accept later.
        const reason = reasonOf(error);
        if (reason !== trouble) say(`Redis refuses: ${reason}; trying again`);
        trouble = reason;
        await pause(LOOK_MS, signal);
      }
    }
  } finally {
    redis.disconnect();
  }
};

const firstOf = async (
  redis: Redis,
  refused: ReadonlyMap<string, Refused>,
): Promise<Announcement | undefined> =>
  (await announcements(redis))
    .filter((one) => (refused.get(offerOf(one))?.until ?? 0) < performance.now())
    .toSorted((a, b) => a.at.localeCompare(b.at))[0];

const announcements = async (redis: Redis): Promise<readonly Announcement[]> =>
  readAll(announcementSchema, await register(redis, RUNS).list());

/** A run that is resumed with another lightbench is another offer. */
const offerOf = ({ run, sheet, lightbench, code }: Announcement): string =>
  `${run} ${sheet} ${lightbench} ${code}`;

interface Serving extends WorkOptions {
  readonly redis: Redis;
  readonly id: string;
  /** Offers that this machine cannot take. */
  readonly refused: Map<string, Refused>;
}

const serve = async (
  announcement: Announcement,
  { redis, id, refused, jobs: most, gpus, cache, tags, trains, device, say, signal }: Serving,
): Promise<void> => {
  const { run, suite } = announcement;
  const name = machineName();
  const jobs = trains ? (gpus?.length ?? most) : 0;
  try {
    requireSameLightbench(announcement);
    const sheet = await fetchSheet(redis, announcement);
    if (trains) await requireTraining(sheet.plan, gpus);
    else if (device === 'native') await plannedEngine(sheet.plan);
    say(
      `Run ${run} of ${suite}: joined ${jobs === 0 ? 'to measure latency' : `for ${jobs} ${jobs === 1 ? 'trial' : 'trials'} at a time`}`,
    );
    await serveRun({
      redis,
      announcement,
      sheet,
      id,
      name,
      recorded: recordedMachine(tags),
      jobs,
      ...(gpus === undefined ? {} : { gpus }),
      ...(cache === undefined ? {} : { cache }),
      device: device === null ? null : { kind: device, tags: [...tags], id: deviceId(device) },
      say,
      signal,
      isWanted: async () => (await announcements(redis)).some((one) => one.run === run),
    });
    say(`Run ${run} of ${suite}: left`);
  } catch (error) {
    const reason = reasonOf(error);
    const before = refused.get(offerOf(announcement));
    refused.set(offerOf(announcement), { reason, until: performance.now() + REFUSED_MS });
    if (reason !== before?.reason) say(`Run ${run} of ${suite}: not served: ${reason}`);
    await register(redis, refusalsOf(run)).put(id, { id, machine: name, reason });
  }
};

const reasonOf = (error: unknown): string => {
  if (error instanceof UserError) return withoutCredentials(`${error.message} ${error.remedy}`);
  return withoutCredentials(error instanceof Error ? error.message : String(error));
};
