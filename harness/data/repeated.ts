import { createHash } from 'node:crypto';
import type { Dataset, Split, StoredSplit } from './dataset.js';

/** How many test images are also for training or validation, to the last pixel; null where images do not lie in memory. */
export const repeatedTestImages = ({ splits: { train, validation, test } }: Dataset): number | null => {
  if (!isStored(train) || !isStored(validation) || !isStored(test)) return null;
  const seen = new Set([...hashesOf(train), ...hashesOf(validation)]);
  return hashesOf(test).filter((hash) => seen.has(hash)).length;
};

const isStored = (split: Split): split is StoredSplit => 'read' in split;

const hashesOf = ({ count, read }: StoredSplit): string[] =>
  Array.from({ length: count }, (_, index) => createHash('sha1').update(read(index).bytes).digest('base64'));
