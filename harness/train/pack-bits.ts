/** One bit an image, the first in the lowest bit, base64. */
export const packBits = (bits: Uint8Array): string => {
  const bytes = new Uint8Array(Math.ceil(bits.length / 8));
  bits.forEach((bit, index) => {
    bytes[index >> 3] = (bytes[index >> 3] ?? 0) | (bit << (index & 7));
  });
  return Buffer.from(bytes).toString('base64');
};
