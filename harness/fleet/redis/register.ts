/** Who is there: entries that disappear unless they are renewed. */
import type { Redis } from 'ioredis';

export interface Register {
  /** Adds or renews an entry. */
  readonly put: (id: string, entry: unknown) => Promise<void>;
  readonly remove: (id: string) => Promise<void>;
  /** What is there now: text of whoever put it, to be validated. */
  readonly list: () => Promise<readonly string[]>;
}

/** How often an entry must be renewed, milliseconds. */
export const RENEW_MS = 3_000;

/** How long an entry stays without being renewed, milliseconds. */
export const GONE_MS = 15_000;

export const register = (redis: Redis, name: string): Register => {
  const keyOf = (id: string): string => `${name}:${id}`;
  return {
    put: async (id, entry) => {
      await redis.multi().set(keyOf(id), JSON.stringify(entry), 'PX', GONE_MS).sadd(name, id).exec();
    },
    remove: async (id) => {
      await redis.multi().del(keyOf(id)).srem(name, id).exec();
    },
    list: async () => {
      const ids = await redis.smembers(name);
      if (ids.length === 0) return [];
      const entries = await redis.mget(ids.map(keyOf));
      const gone = ids.filter((_, i) => entries[i] === null);
      if (gone.length > 0) await redis.srem(name, ...gone);
      return entries.flatMap((entry) => entry ?? []);
    },
  };
};
