/** An IDX file of bytes, not zipped: magic number with the rank, the sizes, the values. */
export const idxFile = (shape: readonly number[], values: Uint8Array): Uint8Array => {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.set([0, 0, 8, shape.length]);
  for (const [axis, size] of shape.entries()) header.writeUInt32BE(size, 4 + 4 * axis);
  return Buffer.concat([header, values]);
};
