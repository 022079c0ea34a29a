/**
 * One owner of a run folder. Whoever wants it lays down a claim, a file of its own name, and then looks for others': of two claims, at
 * least one was laid down before both looked, so that never two find none. Who finds a living one withdraws. Claims are never taken over
 * but deleted, each by its name, which is never given again: to delete a dead one can hurt no living one.
 *
 * proper-lockfile, the field's library, knows neither the owner nor its process: a lock outlives a kill -9 until it is old, and two that
 * take over an old one may both have it.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onExit } from 'signal-exit';
import { z } from 'zod';
import { isLock, lockName } from '../../../results/run/load-run.js';
import { fileError, systemCode } from '../../files/system-error.js';
import { isAlive, type Owner, ownerSchema, thisProcess } from '../../process/owner.js';
import { UserError } from '../../user/user-error.js';
import { requireNewDirectory, writeWhole } from './run-directory.js';

export interface RunLock {
  /** Given where the folder is no longer this process's: it was moved, deleted or taken over. */
  readonly lost: AbortSignal;
  /** Throws UserError where it is lost. */
  readonly requireHeld: () => void;
  readonly release: () => void;
}

export interface LockTimes {
  /** Between signs of life. */
  readonly heartbeatMs: number;
  /** Without a sign of life, a process that cannot be asked counts as dead after so long. */
  readonly staleMs: number;
}

const TIMES: LockTimes = { heartbeatMs: 5_000, staleMs: 60_000 };

const claimSchema = z.strictObject({ ...ownerSchema.shape, state: z.enum(['claiming', 'held']) });

type Claim = z.infer<typeof claimSchema>;

/** Of two that claim at the same moment both withdraw, and come again a little later. */
const ATTEMPTS = 100;
const MOST_PAUSE_MS = 100;

/** Throws UserError naming the owner where the folder has one, and where it cannot be written. */
export const lockRun = async (directory: string, times: LockTimes = TIMES): Promise<RunLock> => {
  const name = lockName(randomBytes(8).toString('hex'));
  const file = join(directory, name);
  const owner = thisProcess();
  const put = (state: Claim['state']): Promise<void> =>
    writeWhole(directory, name, JSON.stringify({ ...owner, state } satisfies Claim));
  const withdraw = (): void => rmSync(file, { force: true });
  for (let attempt = 1; ; attempt += 1) {
    await put('claiming');
    const other = await livingClaim(directory, name, times).catch((error: unknown) => {
      withdraw();
      throw error;
    });
    if (other === null) break;
    withdraw();
    if (other.state === 'held' || attempt === ATTEMPTS) throw inUse(directory, other);
    await sleep(MOST_PAUSE_MS * Math.random());
  }
  await put('held');
  return heldLock(directory, file, times);
};

const heldLock = (directory: string, file: string, { heartbeatMs, staleMs }: LockTimes): RunLock => {
  const lost = new AbortController();
  const lose = (): void => {
    if (!lost.signal.aborted) lost.abort(gone(directory));
  };
  let lastSign = performance.now();
  const beat = setInterval(() => {
    try {
      const now = new Date();
      utimesSync(file, now, now);
      lastSign = performance.now();
    } catch (error) {
      if (systemCode(error) === 'ENOENT' || performance.now() - lastSign > staleMs / 2) lose();
    }
  }, heartbeatMs);
  beat.unref();
  const forget = onExit(() => rmSync(file, { force: true }));
  return {
    lost: lost.signal,
    requireHeld: () => {
      if (!existsSync(file)) lose();
      lost.signal.throwIfAborted();
    },
    release: () => {
      clearInterval(beat);
      forget();
      rmSync(file, { force: true });
    },
  };
};

/** Who owns the folder now; null where nobody does. */
export const ownerOf = (directory: string, { staleMs }: LockTimes = TIMES): Owner | null => {
  for (const name of claimsIn(directory)) {
    const claim = readClaim(join(directory, name));
    if (claim !== null && (isAlive(claim) ?? claim.ageMs < staleMs)) {
      const { state: _, ageMs: __, ...owner } = claim;
      return owner;
    }
  }
  return null;
};

/** Throws UserError naming the owner where there is one. */
export const requireNoOwner = (directory: string): void => {
  const owner = ownerOf(directory);
  if (owner !== null) throw inUse(directory, owner);
};

/** Throws UserError as requireNewDirectory does, and naming the owner where another process runs in the folder. */
export const requireUnused = async (directory: string): Promise<void> => {
  requireNoOwner(directory);
  await requireNewDirectory(directory);
};

/** One of the others' that is alive; those that are not are deleted. */
const livingClaim = async (directory: string, own: string, times: LockTimes): Promise<Claim | null> => {
  let living: Claim | null = null;
  for (const name of claimsIn(directory)) {
    if (name === own) continue;
    const file = join(directory, name);
    const claim = readClaim(file);
    if (claim === null) continue;
    if (await lives(file, claim, times)) {
      if (living?.state !== 'held') living = claim;
    } else rmSync(file, { force: true });
  }
  return living;
};

/** Of a process on another machine only its signs of life tell. Clocks differ and jump: one that looks dead is watched for a while. */
const lives = async (
  file: string,
  claim: Claim & { readonly ageMs: number },
  { heartbeatMs, staleMs }: LockTimes,
): Promise<boolean> => {
  const known = isAlive(claim);
  if (known !== null) return known;
  if (claim.ageMs < staleMs) return true;
  const before = modified(file);
  await sleep(3 * heartbeatMs);
  return modified(file) !== before;
};

/** None where there is no such folder. */
const claimsIn = (directory: string): string[] => {
  try {
    return readdirSync(directory).filter(isLock);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '')) return [];
    throw fileError(error, { path: directory, use: 'read' });
  }
};

/** Null where it has just been withdrawn. One that says nothing is as old as its file, and its owner unknown. */
const readClaim = (file: string): (Claim & { readonly ageMs: number }) | null => {
  const time = modified(file);
  if (time === null) return null;
  const ageMs = Math.abs(Date.now() - time);
  try {
    return { ...claimSchema.parse(JSON.parse(readFileSync(file, 'utf8'))), ageMs };
  } catch (error) {
    return systemCode(error) === 'ENOENT' ? null : { ...UNKNOWN, ageMs };
  }
};

const UNKNOWN: Claim = {
  user: 'unknown',
  host: 'unknown',
  place: 'unknown',
  pid: 1,
  began: null,
  since: new Date(0).toISOString(),
  state: 'held',
};

const modified = (file: string): number | null => {
  try {
    return statSync(file).mtimeMs;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  }
};

const inUse = (directory: string, { user, host, pid, since }: Owner): UserError =>
  new UserError(
    `${directory} is in use: process ${pid} of ${user} on ${host} has been running it since ${since}.`,
    'Wait for it or end it; lightbench status and lightbench report work meanwhile.',
  );

const gone = (directory: string): UserError =>
  new UserError(
    `${directory} is no longer this process's: it was moved or deleted, or another process has taken it over.`,
    'Everything recorded so far is kept in it; go on with --resume where it lies now.',
  );
