/**
 * Images that were decoded once, in a folder:
 *
 *   dataset.json   what it holds, and the SHA-256 of every other file
 *   <split>.index  20 bytes an image: offset into <split>.rgb (uint64), height, width, label (uint32 each), little-endian
 *   <split>.rgb    the images, one after another: rows of red, green and blue, a byte each, nothing between
 *
 * Splits are train, validation and test.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { SPLITS, type SplitName } from '../dataset.js';

export const DESCRIPTION = 'dataset.json';

export const indexFile = (folder: string, split: SplitName): string => join(folder, `${split}.index`);

export const imagesFile = (folder: string, split: SplitName): string => join(folder, `${split}.rgb`);

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const splitSchema = z.strictObject({
  images: z.int().min(1),
  /** Of `<split>.rgb`. */
  bytes: z.int().min(1),
  indexSha256: sha256,
  imagesSha256: sha256,
});

export const preparedSchema = z.strictObject({
  format: z.literal('lightbench-images'),
  version: z.literal(1),
  classes: z.array(z.string()).min(2),
  /** To which shorter sides were brought down; null where images are as they were. */
  shortSide: z.int().min(1).nullable(),
  /** Of the folder that they were made from. */
  sourceHash: z.string(),
  /** Covers everything above and all files. */
  contentHash: z.string(),
  splits: z.strictObject({ train: splitSchema, validation: splitSchema, test: splitSchema }),
});

export type Prepared = z.infer<typeof preparedSchema>;

/** What the description says of itself and the files, as the content hash. */
export const contentHashOf = (prepared: Prepared): string => hashOf(prepared);

/** The description with its content hash. */
export const described = (facts: Omit<Prepared, 'contentHash'>): Prepared => ({
  ...facts,
  contentHash: hashOf(facts),
});

const hashOf = ({ format, version, classes, shortSide, splits }: Omit<Prepared, 'contentHash'>): string => {
  const hash = createHash('sha256').update(JSON.stringify([format, version, classes, shortSide]));
  for (const name of SPLITS) {
    const { images, bytes, indexSha256, imagesSha256 } = splits[name];
    hash.update(JSON.stringify([name, images, bytes, indexSha256, imagesSha256]));
  }
  return hash.digest('hex').slice(0, 16);
};

const RECORD_BYTES = 20;

/** Where each image lies and what it is. */
export interface PreparedIndex {
  readonly count: number;
  readonly offset: (index: number) => number;
  readonly height: (index: number) => number;
  readonly width: (index: number) => number;
  /** As it is written, in 32 bits. */
  readonly label: (index: number) => number;
  readonly labels: Uint16Array;
}

export interface PreparedImage {
  readonly height: number;
  readonly width: number;
  readonly label: number;
}

export const encodeIndex = (images: readonly PreparedImage[]): Buffer => {
  const bytes = Buffer.alloc(RECORD_BYTES * images.length);
  let offset = 0;
  for (const [index, { height, width, label }] of images.entries()) {
    const at = RECORD_BYTES * index;
    bytes.writeBigUInt64LE(BigInt(offset), at);
    bytes.writeUInt32LE(height, at + 8);
    bytes.writeUInt32LE(width, at + 12);
    bytes.writeUInt32LE(label, at + 16);
    offset += 3 * height * width;
  }
  return bytes;
};

export const decodeIndex = (bytes: Buffer): PreparedIndex => {
  const count = bytes.length / RECORD_BYTES;
  const label = (index: number): number => bytes.readUInt32LE(RECORD_BYTES * index + 16);
  return {
    count,
    offset: (index) => Number(bytes.readBigUInt64LE(RECORD_BYTES * index)),
    height: (index) => bytes.readUInt32LE(RECORD_BYTES * index + 8),
    width: (index) => bytes.readUInt32LE(RECORD_BYTES * index + 12),
    label,
    labels: Uint16Array.from({ length: count }, (_, index) => label(index)),
  };
};
