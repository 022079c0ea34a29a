/**
 * Images of shards, which are read from their beginning to their end, in one file where each can be read by itself: made once, in the
 * cache, under what the file system says of the shards. The images are as they are in the shards, encoded.
 */
import { createHash } from 'node:crypto';
import { open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { cacheFolder, makeCacheFolder } from '../../files/cache-folder.js';
import { fileError } from '../../files/system-error.js';
import { UserError } from '../../user/user-error.js';
import { SPLITS, type SplitName } from '../dataset.js';
import type { ImageSource, LabelledFiles } from '../image-source.js';
import { type ByteRange, MOST_IMAGE_BYTES, rangesIn } from '../images/image-files.js';

/** One image of a shard. */
export interface Sample {
  readonly split: SplitName;
  /** Unique in its split. */
  readonly name: string;
  readonly label: number;
  readonly bytes: Uint8Array;
}

export interface Shards {
  readonly id: string;
  readonly folder: string;
  /** Paths of all of them. */
  readonly files: readonly string[];
  readonly samples: () => AsyncIterable<Sample>;
  /** The names of the classes, where they are known. */
  readonly classes: readonly string[] | null;
}

const labelled = z.strictObject({
  names: z.array(z.string()),
  labels: z.array(z.int().min(0)),
  bytes: z.array(z.int().min(0)),
});

const indexSchema = z.strictObject({
  format: z.literal('lightbench-unpacked-1'),
  splits: z.strictObject({ train: labelled, validation: labelled, test: labelled }),
});

type Index = z.infer<typeof indexSchema>;

const FOLDER = 'unpacked';

const REMEDY = 'Fetch the shards anew.';

/** Throws UserError where a shard cannot be read, or a split is missing. */
export const imagesOfShards = async (shards: Shards): Promise<ImageSource> => {
  const file = join(cacheFolder(FOLDER), `${await keyOf(shards)}.images`);
  const index = (await keptIndex(file)) ?? (await unpack(file, shards));
  return sourceOf(shards, file, index);
};

/** Names another file whenever a shard is another. */
const keyOf = async ({ id, files }: Shards): Promise<string> => {
  const hash = createHash('sha256').update(`${id}\n`);
  for (const file of files) {
    const { size, mtimeNs, ctimeNs, ino } = await stat(file, { bigint: true }).catch((error: unknown) => {
      throw fileError(error, { path: file, use: 'read' });
    });
    hash.update(`${resolve(file)} ${size} ${mtimeNs} ${ctimeNs} ${ino}\n`);
  }
  return hash.digest('hex').slice(0, 32);
};

const indexOf = (file: string): string => `${file}.json`;

const keptIndex = async (file: string): Promise<Index | null> => {
  try {
    const index = indexSchema.parse(JSON.parse(await readFile(indexOf(file), 'utf8')));
    const bytes = SPLITS.flatMap((split) => index.splits[split].bytes).reduce((sum, size) => sum + size, 0);
    return (await stat(file)).size === bytes ? index : null;
  } catch {
    return null;
  }
};

const unpack = async (file: string, shards: Shards): Promise<Index> => {
  await makeCacheFolder(FOLDER);
  const partial = `${file}.${process.pid}.partial`;
  const empty = () => ({ names: [], labels: [], bytes: [] });
  const index: Index = {
    format: 'lightbench-unpacked-1',
    splits: { train: empty(), validation: empty(), test: empty() },
  };
  // The file holds the splits one after another: a part each, until they are joined.
  const parts = new Map(
    await Promise.all(SPLITS.map(async (split) => [split, await open(`${partial}.${split}`, 'w+')] as const)),
  );
  try {
    for await (const { split, name, label, bytes } of shards.samples()) {
      if (bytes.length > MOST_IMAGE_BYTES) throw new UserError(`${name} has ${bytes.length} bytes.`, REMEDY);
      await parts.get(split)?.appendFile(bytes);
      index.splits[split].names.push(name);
      index.splits[split].labels.push(label);
      index.splits[split].bytes.push(bytes.length);
    }
    requireDistinct(shards, index);
    const whole = await open(partial, 'w');
    try {
      for (const split of SPLITS) {
        const stream = parts.get(split)?.createReadStream({ start: 0, autoClose: false }) ?? [];
        for await (const chunk of stream) await whole.appendFile(chunk);
      }
    } finally {
      await whole.close();
    }
    await rename(partial, file);
    await writeFile(indexOf(file), JSON.stringify(index));
    return index;
  } catch (error) {
    await rm(partial, { force: true });
    throw fileError(error, { path: file, use: 'written' });
  } finally {
    for (const [split, part] of parts) {
      await part.close();
      await rm(`${partial}.${split}`, { force: true });
    }
  }
};

const requireDistinct = ({ folder }: Shards, { splits }: Index): void => {
  for (const split of SPLITS) {
    const seen = new Set<string>();
    for (const name of splits[split].names) {
      if (seen.has(name)) throw new UserError(`${folder} holds two ${split} images called ${name}.`, REMEDY);
      seen.add(name);
    }
  }
};

const sourceOf = ({ folder, classes: known }: Shards, file: string, { splits }: Index): ImageSource => {
  for (const split of ['train', 'test'] as const) {
    if (splits[split].names.length === 0) throw new UserError(`${folder} has no ${split} images.`, REMEDY);
  }
  const most = SPLITS.flatMap((split) => splits[split].labels).reduce(
    (one, label) => Math.max(one, label),
    0,
  );
  const classes = known ?? Array.from({ length: most + 1 }, (_, label) => `${label}`);
  if (most >= classes.length || classes.length < 2 || classes.length > 2 ** 16) {
    throw new UserError(`${folder} has the label ${most}, and ${classes.length} classes.`, REMEDY);
  }
  const ranges = new Map<string, ByteRange>();
  let offset = 0;
  const partOf = (split: SplitName): LabelledFiles => {
    const { names, labels, bytes } = splits[split];
    const files = names.map((name) => `${split}/${name}`);
    files.forEach((name, index) => {
      const size = bytes[index] ?? 0;
      ranges.set(name, { offset, bytes: size });
      offset += size;
    });
    return { files, labels: Uint16Array.from(labels) };
  };
  const [train, validation, test] = [partOf('train'), partOf('validation'), partOf('test')];
  return {
    files: rangesIn(file, ranges),
    classes,
    train,
    validation: validation.files.length === 0 ? null : validation,
    test,
  };
};
