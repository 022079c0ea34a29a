/** Which split a shard belongs to, by its name or its folder: `train-000.tar`, `val/000.tar`, `test-00000-of-00001.parquet`. */
import { join } from 'node:path';
import { filesBeneath } from '../../files/beneath.js';
import { requireFile } from '../../files/regular-file.js';
import { fileError } from '../../files/system-error.js';
import { UserError } from '../../user/user-error.js';
import type { SplitName } from '../dataset.js';

export interface SplitShards {
  /** In the order of their names. */
  readonly train: readonly string[];
  readonly validation: readonly string[];
  readonly test: readonly string[];
}

const WORDS: readonly (readonly [word: RegExp, split: SplitName])[] = [
  [/(^|[\\/_.-])train(ing)?([\\/_.\d-]|$)/, 'train'],
  [/(^|[\\/_.-])(val|valid|validation)([\\/_.\d-]|$)/, 'validation'],
  [/(^|[\\/_.-])test([\\/_.\d-]|$)/, 'test'],
];

/**
 * Where there is no test split, what is called validation is what is tested on. Throws UserError where a split is missing, or a shard is no
 * file.
 */
export const splitShards = async (folder: string, extension: string): Promise<SplitShards> => {
  const onUnreadable = (error: unknown, path: string): never => {
    throw fileError(error, { path, use: 'read' });
  };
  const names = [...filesBeneath(folder, { follow: true, onUnreadable })];
  const found = { train: [] as string[], validation: [] as string[], test: [] as string[] };
  for (const name of names.filter((one) => one.endsWith(extension)).toSorted()) {
    const split = WORDS.find(([word]) => word.test(name.slice(0, -extension.length)))?.[1];
    if (split === undefined) continue;
    const file = join(folder, name);
    await requireFile(file, { remedy: 'Fetch the shard anew, or remove it.' });
    found[split].push(file);
  }
  const shards = found.test.length === 0 ? { ...found, test: found.validation, validation: [] } : found;
  if (shards.train.length > 0 && shards.test.length > 0) return shards;
  throw new UserError(
    `${folder} has no ${extension} files for ${shards.train.length === 0 ? 'train' : 'test or val'}.`,
    `Let their names or folders begin with train, val or test: train-000${extension}.`,
  );
};
