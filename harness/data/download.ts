import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
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
 * checksum is right. Throws UserError for a wrong checksum or an unwritable folder; network errors as fetch throws them.
 */
export const downloadFile = async (
  url: string,
  folder: string,
  file: Download,
  onProgress: OnDownload = () => {},
): Promise<string> => {
  const target = join(folder, file.name);
  if (await sizeOf(target)) return target;
  await mkdir(folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(
      `${folder} cannot be made: ${error.code}.`,
      'Choose a folder you may write to with LIGHTBENCH_DATA.',
    );
  });
  const partial = `${target}.partial`;
  const have = await sizeOf(partial);
  if (have < file.bytes) await fetchRest(url, partial, have, file, onProgress);
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

const fetchRest = async (
  url: string,
  partial: string,
  have: number,
  { name, bytes }: Download,
  onProgress: OnDownload,
): Promise<void> => {
  const response = await fetch(url, have > 0 ? { headers: { range: `bytes=${have}-` } } : {});
  if (!response.ok || !response.body) throw new Error(`the server answered ${response.status}`);
  const resumed = response.status === 206;
  let received = resumed ? have : 0;
  const counted = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      received += chunk.length;
      onProgress({ name, received, bytes });
      done(null, chunk);
    },
  });
  await pipeline(response.body, counted, createWriteStream(partial, { flags: resumed ? 'a' : 'w' }));
};

const hashFile = async (path: string): Promise<string> => {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
};
