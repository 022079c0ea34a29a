import { Redis } from 'ioredis';
import { UserError } from '../../user/user-error.js';
import { type RedisAddress, withoutCredentials } from './address.js';

/**
 * A connection that comes back by itself whenever Redis does; until then its commands wait. Throws UserError where Redis cannot be
 * reached now, or refuses the user.
 */
export const connectRedis = async (address: RedisAddress): Promise<Redis> => {
  await probe(address);
  const redis = new Redis({ ...address.options, maxRetriesPerRequest: null, retryStrategy: backOff });
  // A connection that is lost is found again; what cannot be done meanwhile waits.
  redis.on('error', () => {});
  return redis;
};

/** Milliseconds before the next attempt. */
const backOff = (attempt: number): number => Math.min(100 * attempt, 2000);

const probe = async (address: RedisAddress): Promise<void> => {
  const redis = new Redis({
    ...address.options,
    lazyConnect: true,
    connectTimeout: 10_000,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  let first: Error | null = null;
  redis.on('error', (error) => {
    first ??= error;
  });
  try {
    await redis.connect();
    await redis.ping();
  } catch (error) {
    throw unreachable(address, first ?? error);
  } finally {
    redis.disconnect();
  }
};

const unreachable = ({ shown }: RedisAddress, error: unknown): UserError => {
  const reason = withoutCredentials(error instanceof Error ? error.message : String(error)).replace(
    /\.$/,
    '',
  );
  if (/WRONGPASS|NOAUTH|NOPERM|invalid password/i.test(reason)) {
    return new UserError(
      `Redis at ${shown} refuses the user or the password (${reason}).`,
      'Give both in the address: redis://user:password@host:6379.',
    );
  }
  return new UserError(
    `Redis at ${shown} cannot be reached: ${reason || 'it does not answer'}.`,
    'Start it (redis-server), or correct the address.',
  );
};
