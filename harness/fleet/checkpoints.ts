/** Interrupted trainings in Redis, where another worker takes them over: as bytes that carry their own checksum. */
import type { Redis } from 'ioredis';
import { type CheckpointFile, readCheckpoint, writeCheckpoint } from '../run/folder/checkpoint-file.js';
import { checkpointOf, weightsOf } from './redis/names.js';

/** Larger states stay on their machine: the trial then begins anew elsewhere. */
export const MOST_CHECKPOINT_BYTES = 64 * 2 ** 20;

const KEPT_SECONDS = 7 * 86_400;

/** What was saved last on this machine is put where others find it. Says why not where it is too large. */
export const offerCheckpoint = async (
  redis: Redis,
  run: string,
  file: CheckpointFile,
): Promise<string | null> => {
  const bytes = await readCheckpoint(file);
  if (bytes === null) return null;
  if (bytes.length > MOST_CHECKPOINT_BYTES) {
    return (
      `Its training state of ${bytes.length} bytes is too large to share (the most is ${MOST_CHECKPOINT_BYTES}): ` +
      'another worker would begin it anew.'
    );
  }
  await redis.set(checkpointOf(run, file.key), bytes, 'EX', KEPT_SECONDS);
  return null;
};

/** What another worker left is put where the training looks for it; what is damaged is found out there, and not used. */
export const takeCheckpoint = async (redis: Redis, run: string, file: CheckpointFile): Promise<void> => {
  const bytes = await redis.getBuffer(checkpointOf(run, file.key));
  if (bytes !== null && bytes.length <= MOST_CHECKPOINT_BYTES) await writeCheckpoint(file, bytes);
};

/** And the weights of trials whose outcomes are recorded. */
export const dropCheckpoints = async (redis: Redis, run: string, keys: readonly string[]): Promise<void> => {
  if (keys.length > 0) await redis.del(keys.flatMap((key) => [checkpointOf(run, key), weightsOf(run, key)]));
};
