import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { UserError } from '../user-error.js';

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
 * Fetches a file into a folder, going on from where an earlier attempt stopped (HTTP Range). The file gets its name only once its
 * checksum is right. Throws UserError for a wrong checksum, which deletes what was received; Error with the reason where the server
 * or the folder fails, and the next attempt goes on from there.
 */
export const downloadFile = async (
  url: string,
  folder: string,
  file: Download,
  onProgress: OnDownload = () => {},
): Promise<string> => {
  const target = join(folder, file.name);
  if (await sizeOf(target)) return target;
  await mkdir(folder, { recursive: true });
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
    await rm(partial);
    throw new UserError(
      `${url} has the checksum ${sha256.slice(0, 12)} and ${file.sha256.slice(0, 12)} is expected.`,
      'What was received has been deleted. Try again; if it happens again, the source has changed.',
    );
  }
  await rename(partial, target);
  return target;
};

const sizeOf = async (path: string): Promise<number> => (await stat(path).catch(() => null))?.size ?? 0;

const PARTIAL_CONTENT = 206;
const RANGE_NOT_SATISFIABLE = 416;

const fetchRest = async (
  url: string,
  partial: string,
  have: number,
  file: Download,
  onProgress: OnDownload,
): Promise<void> => {
  const response = await fetch(url, have > 0 ? { headers: { range: `bytes=${have}-` } } : {});
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
      await partialFile.appendFile(chunk);
      received += chunk.length;
      onProgress({ name: file.name, received, bytes: file.bytes });
    }
  } finally {
    await partialFile.close();
  }
};

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
