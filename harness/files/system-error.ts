/** Errors of the operating system in words: the one place that knows their codes. */
import { getSystemErrorMap } from 'node:util';
import { UserError } from '../user/user-error.js';

/** A failed use of a file or folder. */
export interface FailedUse {
  readonly path: string;
  /** Completes "<path> cannot be ...". */
  readonly use: 'read' | 'written';
  /** What to do where the path is at fault; where the disk or a limit is, that is said instead. */
  readonly remedy?: string;
  /** What to do where the disk is full. */
  readonly whenFull?: string;
}

/** The code of an operating system's error, for example ENOENT; null for any other error. */
export const systemCode = (error: unknown): string | null =>
  isSystemError(error) ? (error.code ?? null) : null;

/** To be thrown in place of `error`: a UserError naming the path and the reason, or the error itself where it is not the system's. */
export const fileError = (error: unknown, { path, use, remedy, whenFull }: FailedUse): unknown => {
  if (!isSystemError(error)) return error;
  const { code = '' } = error;
  const full = FULL.has(code) ? whenFull : undefined;
  return new UserError(
    `${path} cannot be ${use}: ${reasonOf(error)}.`,
    full ?? LIMITS[code]?.remedy ?? remedy ?? PATH_REMEDIES[use],
    { cause: error },
  );
};

/** Whether the error, or the system's behind it, says that nothing more can be written. */
export const isDiskFull = (error: unknown): boolean =>
  FULL.has(systemCode(error instanceof UserError ? error.cause : error) ?? '');

/** An error that no caller explained, as a UserError; null where it is not the system's. */
export const unexplainedSystemError = (error: unknown): UserError | null => {
  if (!isSystemError(error)) return null;
  const { code = '', path, syscall } = error;
  if (syscall === 'uv_cwd') {
    return new UserError('The working folder no longer exists.', 'Change to a folder that exists.');
  }
  return new UserError(
    `${path ?? `The system call ${syscall}`}: ${reasonOf(error)}.`,
    LIMITS[code]?.remedy ?? 'Check that the path exists and that you have access to it.',
  );
};

const isSystemError = (error: unknown): error is NodeJS.ErrnoException & { readonly errno: number } =>
  error instanceof Error && 'syscall' in error && 'errno' in error && typeof error.errno === 'number';

/** For example `permission denied (EACCES)`. */
const reasonOf = ({
  code = '',
  errno,
  message,
}: NodeJS.ErrnoException & { readonly errno: number }): string => {
  const words = CLEARER[code] ?? LIMITS[code]?.reason ?? getSystemErrorMap().get(errno)?.[1];
  return words === undefined ? message : `${words} (${code})`;
};

/** Where the system's own words are not plain. */
const CLEARER: Readonly<Record<string, string>> = {
  EISDIR: 'it is a folder',
  EEXIST: 'a file of that name exists',
  ENOTDIR: 'part of the path is a file, not a folder',
  ELOOP: 'its symbolic links form a loop',
  ENAMETOOLONG: 'the name is too long',
  EROFS: 'the file system is read-only',
  ENXIO: 'it is a special file',
};

const FREE_SPACE = 'Free some space and try again.';
const MORE_FILES = 'Raise the limit (ulimit -n) and try again.';

/** What is no fault of the path. */
const LIMITS: Readonly<Record<string, { readonly reason: string; readonly remedy: string } | undefined>> = {
  ENOSPC: { reason: 'the disk is full', remedy: FREE_SPACE },
  EDQUOT: { reason: 'the disk quota is used up', remedy: FREE_SPACE },
  EFBIG: {
    reason: 'the file would be larger than is allowed',
    remedy: 'Raise the limit (ulimit -f), or use a disk that holds larger files.',
  },
  EMFILE: { reason: 'this process has too many open files', remedy: MORE_FILES },
  ENFILE: { reason: 'the system has too many open files', remedy: MORE_FILES },
  EIO: { reason: 'the disk reports an error', remedy: 'Check the disk, or use another.' },
};

const FULL: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT']);

const PATH_REMEDIES: Readonly<Record<FailedUse['use'], string>> = {
  read: 'Check that it exists and that you have permission to read it.',
  written: 'Choose a path in a folder that you can write to.',
};
