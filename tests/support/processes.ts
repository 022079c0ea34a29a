/** The processes of this machine, on Linux. */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export interface RunningProcess {
  readonly pid: number;
  readonly parent: number;
  /** Its arguments, each followed by a zero byte. */
  readonly command: string;
}

export const processes = (): readonly RunningProcess[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const status = readFileSync(`/proc/${name}/status`, 'utf8');
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8');
        return [{ pid: Number(name), parent: Number(/^PPid:\s*(\d+)$/m.exec(status)?.[1]), command }];
      } catch {
        return [];
      }
    });

/** The process that this one has begun, or that one of its own has, whose command holds this text; waited for. */
export const descendant = async (ancestor: number, text: string): Promise<number> => {
  for (;;) {
    const all = processes();
    const parents = new Map(all.map(({ pid, parent }) => [pid, parent]));
    const found = all.find(({ pid, command }) => command.includes(text) && isUnder(pid, ancestor, parents));
    if (found) return found.pid;
    await sleep(50);
  }
};

const isUnder = (pid: number, ancestor: number, parents: ReadonlyMap<number, number>): boolean => {
  for (let at = parents.get(pid); at !== undefined; at = parents.get(at)) if (at === ancestor) return true;
  return false;
};

/** Milliseconds until it has ended, looked at twenty times a second; null where it has not after so many. */
export const millisecondsUntilEnd = async (pid: number, atMost: number): Promise<number | null> => {
  const start = performance.now();
  for (;;) {
    const spent = performance.now() - start;
    if (hasEnded(pid)) return spent;
    if (spent > atMost) return null;
    await sleep(50);
  }
};

/** One whose parent has not asked how it ended has ended, too. */
const hasEnded = (pid: number): boolean => {
  try {
    return /^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return true;
  }
};
