import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { makeFolders } from '../files/make-folders.js';
import { UserError } from '../user/user-error.js';

export interface Download {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

export type OnDownload = (progress: {
  readonly name: string;
  readonly received: number;
  readonly bytes: number;
}) => void;

/**
 * Fetches a file over TLS into a folder, going on from where an earlier attempt stopped (HTTP Range). The folder is made for this user
 * alone; the file gets its name only once its checksum is right. Throws UserError for a wrong checksum and for more bytes than expected,
 * which deletes what was received; Error with the reason where the server or the folder fails, and the next attempt goes on from there.
 */
export const downloadFile = async (
  url: string,
  folder: string,
  file: Download,
  onProgress: OnDownload = () => {},
): Promise<string> => {
  const target = join(folder, file.name);
  if (await sizeOf(target)) return target;
  await makeFolders(folder, { mode: 0o700 });
  const partial = `${target}.partial`;
  const have = await sizeOf(partial);
  if (have < file.bytes) {
    await fetchRest(url, partial, have, file, onProgress).catch((error: unknown) => {
      throw rootOf(error);
    });
  }
  const received = await sizeOf(partial);
  if (received < file.bytes) throw new Error(`only ${received} of ${file.bytes} bytes arrived`);
  const sha256 = await hashFile(partial);
  if (sha256 !== file.sha256) {
    throw await refused(
      partial,
      `${url} has the checksum ${sha256.slice(0, 12)} and ${file.sha256.slice(0, 12)} is expected.`,
    );
  }
  await rename(partial, target);
  return target;
};

/**
 * The files of a data set, one after the other, into its folder; gives their paths. Throws UserError as downloadFile does, and what
 * `failed` makes of the reason where the server or the folder fails.
 */
export const downloadFiles = async (
  files: readonly Download[],
  folder: string,
  origin: string,
  onProgress: OnDownload,
  failed: (file: string, reason: string) => UserError,
): Promise<readonly string[]> => {
  const paths: string[] = [];
  for (const file of files) {
    const path = await downloadFile(`${origin}/${file.name}`, folder, file, onProgress).catch(
      (error: unknown) => {
        if (error instanceof UserError) throw error;
        throw failed(file.name, error instanceof Error ? error.message : String(error));
      },
    );
    paths.push(path);
  }
  return paths;
};

const sizeOf = async (path: string): Promise<number> => (await stat(path).catch(() => null))?.size ?? 0;

const refused = async (partial: string, problem: string): Promise<UserError> => {
  await rm(partial, { force: true });
  return new UserError(
    problem,
    'The download has been deleted. Try again; if it fails again, the source has changed.',
  );
};

const PARTIAL_CONTENT = 206;
const RANGE_NOT_SATISFIABLE = 416;

const fetchRest = async (
  url: string,
  partial: string,
  have: number,
  file: Download,
  onProgress: OnDownload,
): Promise<void> => {
  requireTls(url);
  const response = await fetch(url, {
    headers: { 'accept-encoding': 'identity', ...(have > 0 ? { range: `bytes=${have}-` } : {}) },
  });
  requireTls(response.url);
  if (response.status === RANGE_NOT_SATISFIABLE && have > 0) {
    await response.body?.cancel();
    return fetchRest(url, partial, 0, file, onProgress);
  }
  if (!response.ok || !response.body) throw new Error(`the server answered ${response.status}`);
  const resumed = response.status === PARTIAL_CONTENT;
  let received = resumed ? have : 0;
  const partialFile = await open(partial, resumed ? 'a' : 'w');
  try {
    for await (const chunk of response.body) {
      received += chunk.length;
      if (received > file.bytes) {
        throw await refused(partial, `${url} sends more than the ${file.bytes} bytes of ${file.name}.`);
      }
      await partialFile.appendFile(chunk);
      onProgress({ name: file.name, received, bytes: file.bytes });
    }
  } finally {
    await partialFile.close();
  }
};

/** Throws Error where the address is another's than this machine's, and not encrypted; a redirection may lead to one. */
const requireTls = (url: string): void => {
  const { protocol, hostname } = new URL(url);
  if (protocol === 'https:' || LOOPBACK.has(hostname)) return;
  throw new Error(`${url} is not encrypted (https)`);
};

const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** fetch says only "fetch failed" or "terminated"; its cause says why. */
const rootOf = (error: unknown): unknown => {
  if (!(error instanceof TypeError) || !(error.cause instanceof Error)) return error;
  const { cause } = error;
  return cause.message === '' && 'code' in cause ? new Error(String(cause.code), { cause }) : cause;
};

const hashFile = async (path: string): Promise<string> => {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
};
