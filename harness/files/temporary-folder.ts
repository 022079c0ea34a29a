import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { lstat, mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onExit } from 'signal-exit';
import { isAlive, type Owner, thisProcess } from '../process/owner.js';
import { fileError } from './system-error.js';

export interface TemporaryFolder {
  readonly path: string;
  readonly remove: () => void;
}

/**
 * A new, empty folder `lightbench-<purpose>-<process>_...` for this user alone. It is removed when the process ends, by a signal too; what
 * SIGKILL leaves, the next process of the user removes that makes one. Throws UserError where it cannot be made.
 * @param beforeRemoval undoes what else points to it; it may not wait for anything.
 */
export const temporaryFolder = async (
  purpose: string,
  beforeRemoval: (path: string) => void = () => {},
): Promise<TemporaryFolder> => {
  const place = tmpdir();
  const path = await realpath(place)
    .then(async (real) => {
      await removeOfDead(real).catch(() => {});
      return mkdtemp(join(real, `lightbench-${purpose}-${markOf(thisProcess())}_`));
    })
    .catch((error: unknown) => {
      const remedy = 'Set TMPDIR to a folder that you may write to.';
      throw fileError(error, { path: place, use: 'written', remedy });
    });
  const clear = (): void => {
    beforeRemoval(path);
    rmSync(path, { recursive: true, force: true, maxRetries: 5 });
  };
  const forget = onExit(clear);
  return {
    path,
    remove: () => {
      forget();
      clear();
    },
  };
};

/** A process in the name of its folders: its id, when it began, and where both mean something. */
const markOf = ({ pid, began, host, place }: Owner): string => {
  const where = createHash('sha256')
    .update(JSON.stringify([host, place]))
    .digest('hex')
    .slice(0, 8);
  return `${pid}_${began ?? UNKNOWN}_${where}`;
};

const UNKNOWN = 'unknown';

const MARKED = /^lightbench-[\w-]+-((\d+)_([a-z0-9]+)_[0-9a-f]{8})_\w+$/;

/** This user's, of processes that have ended; of those that this machine cannot ask, none. */
const removeOfDead = async (place: string): Promise<void> => {
  const own = thisProcess();
  for (const name of await readdir(place)) {
    const [, mark, pid, began = UNKNOWN] = MARKED.exec(name) ?? [];
    if (mark === undefined) continue;
    const owner = { ...own, pid: Number(pid), began: began === UNKNOWN ? null : began };
    if (mark !== markOf(owner) || isAlive(owner) !== false) continue;
    const path = join(place, name);
    const entry = await lstat(path).catch(() => null);
    if (entry?.isDirectory() && entry.uid === (process.getuid?.() ?? entry.uid))
      await rm(path, { recursive: true, force: true }).catch(() => {});
  }
};
