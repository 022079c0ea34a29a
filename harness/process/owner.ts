/** Who a process is, so that another can tell whether it still lives. */
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { z } from 'zod';

export const ownerSchema = z.strictObject({
  user: z.string(),
  host: z.string(),
  /** Where process ids mean the same: this boot of the machine, and the container; null where the system does not tell. */
  place: z.string().nullable(),
  pid: z.int().min(1),
  /** When the process began, in the system's own count: ids are given again. Null where the system does not tell. */
  began: z.string().nullable(),
  since: z.iso.datetime(),
});

/**
 * Who works on a run.
 * @interface
 */
export type Owner = z.infer<typeof ownerSchema>;

export const thisProcess = (): Owner => ({
  user: userName(),
  host: hostname(),
  place: thisPlace(),
  pid: process.pid,
  began: beganAt(process.pid),
  since: new Date().toISOString(),
});

/** Whether its process lives; null where this machine cannot know. */
export const isAlive = ({ host, place, pid, began }: Owner): boolean | null => {
  if (host !== hostname() || place !== thisPlace()) return null;
  if (!exists(pid)) return false;
  const now = beganAt(pid);
  return began === null || now === null || now === began;
};

const exists = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It lives, but is another user's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

const thisPlace = (): string | null =>
  attempt(() => {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  });

/** Field 22 of what Linux tells of a process; the second, its name, may hold anything within brackets. */
const beganAt = (pid: number): string | null =>
  attempt(() => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    // A dead process whose parent has not asked for it yet.
    return fields[0] === 'Z' ? 'ended' : (fields[19] ?? null);
  });

const userName = (): string => attempt(() => userInfo().username) ?? 'unknown';

const attempt = <T>(action: () => T): T | null => {
  try {
    return action();
  } catch {
    return null;
  }
};
