/**
 * Image data sets of Hugging Face as local Parquet shards, `train-00000-of-00002.parquet` and so on: a column of images, a struct with
 * their encoded `bytes`, and a column of labels. The names of the classes are in the metadata of the files.
 */
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { z } from 'zod';
import { UserError } from '../../user/user-error.js';
import type { SplitName } from '../dataset.js';
import type { DatasetEntry } from '../dataset-entry.js';
import { shardEntry } from './shard-entry.js';
import { splitShards } from './splits.js';
import type { Sample } from './unpacked.js';

const REMEDY =
  'Fetch the shards anew with huggingface-cli download, or name a data set of images with one label each.';

export const parquet: DatasetEntry = shardEntry({
  id: 'parquet',
  summary:
    'An image data set of Hugging Face: Parquet shards, train-*.parquet and validation-* or test-*.parquet.',
  extension: '.parquet',
  shardsIn: async (folder) => {
    const shards = await splitShards(folder, '.parquet');
    const [first = ''] = shards.train;
    return {
      files: [...shards.train, ...shards.validation, ...shards.test],
      classes: await queried(first, (connection) => classesOf(connection, first)),
      samples: async function* (): AsyncIterable<Sample> {
        for (const split of ['train', 'validation', 'test'] as const) {
          for (const [shard, file] of shards[split].entries()) yield* samplesIn(file, split, shard);
        }
      },
    };
  },
});

let database: Promise<DuckDBInstance> | null = null;

/** Of one database in memory, which is loaded where it is needed. */
const connected = async (): Promise<DuckDBConnection> => {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  database ??= DuckDBInstance.create(':memory:', { threads: '1' });
  return (await database).connect();
};

/** A connection of its own; what goes wrong names the file. */
const queried = async <T>(file: string, work: (connection: DuckDBConnection) => Promise<T>): Promise<T> => {
  const connection = await connected();
  try {
    return await work(connection);
  } catch (error) {
    throw explained(file, error);
  } finally {
    connection.closeSync();
  }
};

const explained = (file: string, error: unknown): UserError => {
  if (error instanceof UserError) return error;
  const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return new UserError(`${file} cannot be read as Parquet: ${reason.replace(/\.$/, '')}.`, REMEDY);
};

/** A path that stands for itself alone: DuckDB reads every file that one with `*` or `?` may stand for. */
const literally = (path: string): string => path.replace(/[[*?]/g, '[$&]');

const featuresSchema = z.object({
  info: z.object({
    features: z.record(
      z.string(),
      z.looseObject({ _type: z.string().optional(), names: z.array(z.string()).optional() }),
    ),
  }),
});

const metadataOf = async (connection: DuckDBConnection, file: string) => {
  const reader = await connection.runAndReadAll(
    "SELECT decode(value) FROM parquet_kv_metadata($file) WHERE decode(key) = 'huggingface'",
    { file: literally(file) },
  );
  const [row] = reader.getRows();
  const parsed = featuresSchema.safeParse(jsonOf(row?.[0]));
  return parsed.success ? parsed.data.info.features : {};
};

const jsonOf = (text: unknown): unknown => {
  try {
    return JSON.parse(String(text));
  } catch {
    return null;
  }
};

const LABELS = ['label', 'labels', 'fine_label', 'cls'];

const classesOf = async (connection: DuckDBConnection, file: string): Promise<readonly string[] | null> => {
  const features = await metadataOf(connection, file);
  const name = LABELS.find((label) => features[label]?.names !== undefined);
  return name === undefined ? null : (features[name]?.names ?? null);
};

const columnsOf = async (connection: DuckDBConnection, file: string) => {
  const reader = await connection.runAndReadAll(
    'SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_parquet($file))',
    { file: literally(file) },
  );
  const columns = new Map(reader.getRows().map(([name, type]) => [String(name), String(type)]));
  const image = [...columns].find(([, type]) => /^STRUCT\(.*\bbytes\b"? BLOB/.test(type))?.[0];
  const label = LABELS.find((name) => /INT/.test(columns.get(name) ?? ''));
  if (image !== undefined && label !== undefined) return { image, label };
  throw new UserError(
    `${file} has no column of images with bytes and one of labels; its columns are ${[...columns.keys()].join(', ')}.`,
    REMEDY,
  );
};

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const samplesIn = async function* (file: string, split: SplitName, shard: number): AsyncGenerator<Sample> {
  const connection = await connected();
  try {
    const { image, label } = await columnsOf(connection, file);
    const result = await connection.stream(
      `SELECT ${quoted(image)}.bytes AS bytes, ${quoted(label)}::BIGINT AS label FROM read_parquet($file)`,
      { file: literally(file) },
    );
    let row = 0;
    for (
      let chunk = await result.fetchChunk();
      chunk !== null && chunk.rowCount > 0;
      chunk = await result.fetchChunk()
    ) {
      for (const [bytes, number] of chunk.getRows()) {
        yield { split, name: `${shard}-${row}`, ...checked(bytes, number, `${file}, row ${row}`) };
        row += 1;
      }
    }
  } catch (error) {
    throw explained(file, error);
  } finally {
    connection.closeSync();
  }
};

const checked = (blob: unknown, label: unknown, where: string): Pick<Sample, 'bytes' | 'label'> => {
  const bytes = typeof blob === 'object' && blob !== null && 'bytes' in blob ? blob.bytes : null;
  if (!(bytes instanceof Uint8Array)) throw new UserError(`${where} has no bytes of an image.`, REMEDY);
  if (typeof label !== 'bigint' || label < 0n || label >= 65_536n) {
    throw new UserError(
      `${where} has the label ${label}.`,
      'Images without labels (-1) cannot be tested on: leave their shards out.',
    );
  }
  return { bytes, label: Number(label) };
};
