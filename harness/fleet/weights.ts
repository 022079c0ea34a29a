/** Trained weights in Redis, from the worker that trained them to the coordinator, which keeps them. */
import { readFile } from 'node:fs/promises';
import type { Redis } from 'ioredis';
import { sha256Of } from '../../results/journal/checksum.js';
import type { WeightsRecord } from '../../results/model/weights.js';
import { putWeights } from '../weights/keep.js';
import { weightsOf } from './redis/names.js';

/** Larger files stay on their machine, and are gone with its worker. */
export const MOST_SENT_BYTES = 64 * 2 ** 20;

const KEPT_SECONDS = 7 * 86_400;

/** To be called before the outcome is told. */
export const sendWeights = async (redis: Redis, run: string, key: string, file: string): Promise<void> => {
  await redis.set(weightsOf(run, key), await readFile(file), 'EX', KEPT_SECONDS);
};

/** Puts what a worker has sent into the file. What did not arrive, or is not what the record says, is absent. */
export const receiveWeights = async (
  redis: Redis,
  run: string,
  key: string,
  record: WeightsRecord,
  file: string,
): Promise<WeightsRecord> => {
  if (record.state === 'absent') return record;
  const bytes = await redis.getBuffer(weightsOf(run, key));
  if (bytes === null || sha256Of(bytes) !== record.sha256) {
    return { state: 'absent', reason: 'they did not arrive from the machine that trained them' };
  }
  return putWeights(file, bytes);
};
