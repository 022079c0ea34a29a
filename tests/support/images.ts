import type { Split } from '../../harness/data/dataset.js';

/** Every image of a split in memory, one after another, in bytes. */
export const imagesOf = async ({ count, read }: Split): Promise<Uint8Array> => {
  const all = Array.from({ length: count }, (_, index) => read(index, { size: 1, crop: null }));
  return Buffer.concat((await Promise.all(all)).map(({ bytes }) => bytes));
};
