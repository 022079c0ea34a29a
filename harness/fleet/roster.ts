/** Who takes part in a run, and who may not, told as it changes. */
import type { Redis } from 'ioredis';
import type { z } from 'zod';
import type { FleetEvent } from '../run/status/events.js';
import { refusalSchema, type WorkerEntry, workerSchema } from './payload.js';
import { refusalsOf, workersOf } from './redis/names.js';
import { register } from './redis/register.js';

export interface Roster {
  /** Reads who is there, and tells what has changed. */
  readonly look: () => Promise<void>;
  /** Those seen at the last look. */
  readonly present: () => readonly WorkerEntry[];
}

export const rosterOf = (redis: Redis, run: string, onEvent: (event: FleetEvent) => void): Roster => {
  const workers = register(redis, workersOf(run));
  const refusals = register(redis, refusalsOf(run));
  let present = new Map<string, WorkerEntry>();
  const told = new Set<string>();
  return {
    look: async () => {
      const now = new Map(readAll(workerSchema, await workers.list()).map((one) => [one.id, one]));
      for (const { id, machine, jobs } of now.values())
        if (!present.has(id)) onEvent({ kind: 'worker-joined', machine, jobs });
      for (const { id, machine } of present.values())
        if (!now.has(id)) onEvent({ kind: 'worker-left', machine });
      present = now;
      for (const { id, machine, reason } of readAll(refusalSchema, await refusals.list())) {
        if (!told.has(id)) onEvent({ kind: 'worker-refused', machine, reason });
        told.add(id);
      }
    },
    present: () => [...present.values()],
  };
};

/** Entries that are none are left out. */
export const readAll = <S extends z.ZodType>(schema: S, texts: readonly string[]): z.infer<S>[] =>
  texts.flatMap((text) => {
    const parsed = schema.safeParse(jsonOf(text));
    return parsed.success ? [parsed.data] : [];
  });

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
