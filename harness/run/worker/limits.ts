/** What one training may take of time and memory. A process that takes more is killed, whatever it is doing. */
import { readFileSync } from 'node:fs';
import pidusage from 'pidusage';
import type { FailureCause } from '../../../results/training/failure.js';

/** What one training may take; what is absent has no limit. */
export interface WorkerLimits {
  readonly seconds?: number;
  /** Of resident memory, that of processes it has begun included where the system is Linux. It is looked at four times a second: what grows faster gets further before it is seen. */
  readonly memoryBytes?: number;
}

interface Limited {
  readonly pid?: number | undefined;
  readonly kill: (signal: 'SIGKILL') => boolean;
}

export interface LimitWatch {
  readonly end: () => void;
  /** The limit for which the process was killed, in words; null where it kept them. */
  readonly broken: () => { readonly error: string; readonly cause: FailureCause } | null;
}

const LOOK_MS = 250;

export const enforceLimits = ({ pid, kill }: Limited, { seconds, memoryBytes }: WorkerLimits): LimitWatch => {
  let broken: ReturnType<LimitWatch['broken']> = null;
  const stop = (cause: FailureCause, error: string): void => {
    broken ??= { error, cause };
    kill('SIGKILL');
  };
  const clock =
    seconds === undefined
      ? undefined
      : setTimeout(() => stop('time-limit', `It was not done after ${seconds} s.`), 1000 * seconds);
  let isLooking = false;
  const look = async (id: number, most: number): Promise<void> => {
    if (isLooking) return;
    isLooking = true;
    const memory = await memoryOf(id);
    isLooking = false;
    if (memory > most) {
      stop('memory-limit', `It took ${mebibytes(memory)} of memory, and ${mebibytes(most)} are allowed.`);
    }
  };
  const looks =
    memoryBytes === undefined || pid === undefined
      ? undefined
      : setInterval(() => void look(pid, memoryBytes), LOOK_MS);
  return {
    end: () => {
      clearTimeout(clock);
      clearInterval(looks);
    },
    broken: () => broken,
  };
};

/** Of a process and of those that it has begun: an engine may compute in one of its own. */
const memoryOf = async (pid: number): Promise<number> => {
  const each = [pid, ...childrenOf(pid)].map((id) =>
    pidusage(id).then(
      ({ memory }) => memory,
      // It has just ended.
      () => 0,
    ),
  );
  return (await Promise.all(each)).reduce((sum, memory) => sum + memory, 0);
};

/** None where the system does not tell. */
const childrenOf = (pid: number): readonly number[] => {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return children.split(' ').flatMap((child) => (child === '' ? [] : [Number(child)]));
  } catch {
    return [];
  }
};

const mebibytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`;
