import type { Split } from '../../harness/data/dataset.js';

/** Every image of a split in memory, one after another, in bytes. */
export const imagesOf = async (split: Split): Promise<Uint8Array> => {
  if (!('read' in split)) throw new Error('The images of this split are not stored.');
  return Buffer.concat(Array.from({ length: split.count }, (_, index) => split.read(index).bytes));
};
