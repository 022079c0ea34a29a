/**
 * Decoded images that all trials of a machine share: a file for each data set of images of one size, named by the content hash, in a
 * folder that only this user may read.
 *
 *   magic, 8 bytes | length of the header, uint32 | header, JSON | per split: labels, uint16, then images, uint8 | SHA-256 of all before
 *
 * Numbers are little-endian; labels begin where four divides their place in the file. A reader checks the whole file each time, which
 * costs a hundredth of decoding and checking the source.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import { endianness } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { cacheFolder, makeCacheFolder } from '../../files/cache-folder.js';
import { systemCode } from '../../files/system-error.js';
import { writeWhole } from '../../files/write-whole.js';
import { type Dataset, SPLITS, type Split, type SplitName } from '../dataset.js';

export type Kept =
  | { readonly state: 'whole'; readonly dataset: Dataset }
  | { readonly state: 'missing' }
  | { readonly state: 'damaged'; readonly file: string };

/** The data set with this content, where it is kept. */
export const readDecoded = async (contentHash: string): Promise<Kept> => {
  const file = fileOf(contentHash);
  const bytes = await readFile(file).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return null;
    return Buffer.alloc(0);
  });
  if (bytes === null) return { state: 'missing' };
  const dataset = decoded(bytes, contentHash);
  return dataset === null ? { state: 'damaged', file } : { state: 'whole', dataset };
};

/** Keeps a data set, where its images have one size and are not too many; those that were used least recently make room. */
export const keepDecoded = async (dataset: Dataset): Promise<void> => {
  const bytes = encoded(dataset);
  if (bytes === null) return;
  try {
    await makeCacheFolder(FOLDER);
    await makeRoom(bytes.length);
    await writeWhole(fileOf(dataset.contentHash), bytes, { mode: 0o600 });
  } catch {
    // Without a cache every trial decodes for itself, and no result differs.
  }
};

/** Counts as used now. */
export const touchDecoded = async (contentHash: string): Promise<void> => {
  const now = new Date();
  await utimes(fileOf(contentHash), now, now).catch(() => {});
};

const FOLDER = 'decoded';

const fileOf = (contentHash: string): string => join(cacheFolder(FOLDER), `${contentHash}.images`);

/** Of one file: all of ImageNet at 64 pixels would have 16 times as many. */
const MOST_BYTES = 2 ** 30;

/** Of the folder. */
const MOST_KEPT_BYTES = 2 * MOST_BYTES;

const MAGIC = Buffer.from('LBIMAGE1');
const LENGTH_BYTES = 4;
const DIGEST_BYTES = 32;

const headerSchema = z.strictObject({
  id: z.string(),
  contentHash: z.string(),
  classes: z.array(z.string()),
  channels: z.int().min(1),
  imageSize: z.tuple([z.int().min(1), z.int().min(1)]),
  mean: z.array(z.number()),
  deviation: z.array(z.number()),
  counts: z.strictObject({ train: z.int(), validation: z.int(), test: z.int() }),
});

type Header = z.infer<typeof headerSchema>;

const aligned = (place: number): number => Math.ceil(place / 4) * 4;

/** Where the labels and the images of each split lie, and where they end. */
const layoutOf = (start: number, { counts, channels, imageSize: [height, width] }: Header) => {
  let end = start;
  const places = {} as Record<SplitName, { labels: number; images: number }>;
  for (const name of SPLITS) {
    const labels = aligned(end);
    const images = labels + 2 * counts[name];
    places[name] = { labels, images };
    end = images + counts[name] * channels * height * width;
  }
  return { places, end };
};

const encoded = ({ splits, imageSize, ...dataset }: Dataset): Buffer | null => {
  if (imageSize === null || endianness() !== 'LE') return null;
  const { id, contentHash, classes, channels, mean, deviation } = dataset;
  const header: Header = {
    id,
    contentHash,
    classes: [...classes],
    channels,
    imageSize: [...imageSize],
    mean: [...mean],
    deviation: [...deviation],
    counts: {
      train: splits.train.count,
      validation: splits.validation.count,
      test: splits.test.count,
    },
  };
  const text = Buffer.from(JSON.stringify(header));
  const start = MAGIC.length + LENGTH_BYTES + text.length;
  const { places, end } = layoutOf(start, header);
  if (end > MOST_BYTES) return null;
  const bytes = Buffer.alloc(end + DIGEST_BYTES);
  MAGIC.copy(bytes);
  bytes.writeUInt32LE(text.length, MAGIC.length);
  text.copy(bytes, MAGIC.length + LENGTH_BYTES);
  const size = channels * imageSize[0] * imageSize[1];
  for (const name of SPLITS) {
    const { labels, images } = places[name];
    const split = splits[name];
    if (!('read' in split)) return null;
    split.labels.forEach((label, index) => {
      bytes.writeUInt16LE(label, labels + 2 * index);
    });
    for (let index = 0; index < split.count; index += 1) {
      const image = split.read(index);
      if (image.pixelStep !== 1 || image.bytes.length !== size) return null;
      bytes.set(image.bytes, images + index * size);
    }
  }
  digestOf(bytes.subarray(0, end)).copy(bytes, end);
  return bytes;
};

const decoded = (file: Buffer, contentHash: string): Dataset | null => {
  const end = file.length - DIGEST_BYTES;
  if (end < MAGIC.length + LENGTH_BYTES || !digestOf(file.subarray(0, end)).equals(file.subarray(end))) {
    return null;
  }
  if (!MAGIC.equals(file.subarray(0, MAGIC.length)) || endianness() !== 'LE') return null;
  const start = MAGIC.length + LENGTH_BYTES + file.readUInt32LE(MAGIC.length);
  const parsed = headerSchema.safeParse(
    JSON.parse(file.toString('utf8', MAGIC.length + LENGTH_BYTES, start)),
  );
  if (!parsed.success || parsed.data.contentHash !== contentHash) return null;
  const { counts, ...dataset } = parsed.data;
  const { channels, imageSize } = dataset;
  const [height, width] = imageSize;
  const { places } = layoutOf(start, parsed.data);
  const size = channels * height * width;
  const layout = { height, width, pixelStep: 1, channelStep: height * width };
  const splitOf = (name: SplitName): Split => {
    const { labels, images } = places[name];
    return {
      labels: new Uint16Array(file.buffer, file.byteOffset + labels, counts[name]),
      count: counts[name],
      read: (index) => ({
        bytes: file.subarray(images + index * size, images + (index + 1) * size),
        ...layout,
      }),
    };
  };
  return {
    ...dataset,
    splits: { train: splitOf('train'), validation: splitOf('validation'), test: splitOf('test') },
  };
};

const digestOf = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

const makeRoom = async (wanted: number): Promise<void> => {
  const folder = cacheFolder(FOLDER);
  const files = await Promise.all(
    (await readdir(folder)).map(async (name) => {
      const file = join(folder, name);
      const { size, mtimeMs } = await stat(file);
      return { file, size, mtimeMs };
    }),
  );
  let kept = wanted;
  for (const { file, size } of files.toSorted((a, b) => b.mtimeMs - a.mtimeMs)) {
    kept += size;
    if (kept > MOST_KEPT_BYTES) await rm(file, { force: true });
  }
};
