/** Checksums of records, so that what a disk or an editor changed is not taken for what was written. */
import { createHash } from 'node:crypto';
import { UserError } from '../../harness/user/user-error.js';

/** SHA-256 in hexadecimal. */
export const sha256Of = (content: string | Uint8Array): string =>
  createHash('sha256').update(content).digest('hex');

/** The first 16 digits of SHA-256. */
export const checksum = (text: string): string => sha256Of(text).slice(0, 16);

/** The record as one line of JSON, with the checksum of all before as its last field. */
export const sealedLine = (record: object): string => {
  const text = JSON.stringify(record);
  return `${text.slice(0, -1)},"sum":"${checksum(text)}"}`;
};

const SEAL = /,"sum":"([0-9a-f]{16})"\}$/;

/** Whether a line is as `sealedLine` wrote it; `unsealed` where it has no checksum, as lines of earlier versions. */
export const sealOf = (line: string): 'whole' | 'broken' | 'unsealed' => {
  const [seal, sum] = SEAL.exec(line) ?? [];
  if (seal === undefined) return 'unsealed';
  return checksum(`${line.slice(0, -seal.length)}}`) === sum ? 'whole' : 'broken';
};

/** The record with its checksum; the order of its fields counts. */
export const sealed = <T extends object>(record: T): T & { readonly sum: string } => ({
  ...record,
  sum: checksum(JSON.stringify(record)),
});

/**
 * @param record as it was written: JSON, not yet a record.
 * @param where names the file that holds it.
 * @throws UserError where it has a checksum of something else, or none although it must have one.
 */
export const requireSealed = (
  record: unknown,
  where: string,
  { must, remedy }: { readonly must: boolean; readonly remedy: string },
): void => {
  if (!isObject(record)) return;
  const { sum, ...rest } = record;
  if (sum === undefined && !must) return;
  const found = checksum(JSON.stringify(rest));
  if (sum === found) return;
  throw new UserError(
    `${where} was changed after it was written: its content has the checksum ${found}, but it holds ${sum === undefined ? 'none' : JSON.stringify(sum)}.`,
    remedy,
  );
};

/** What was sealed. */
export const withoutSeal = (record: unknown): unknown => {
  if (!isObject(record)) return record;
  const { sum: _, ...rest } = record;
  return rest;
};

const isObject = (value: unknown): value is { readonly sum?: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
