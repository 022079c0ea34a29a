/** BMP files as their format has it, written plainly. */
export interface BmpOptions {
  readonly bits: 1 | 4 | 8 | 24 | 32;
  readonly topDown?: boolean;
  /** Bytes between the header and the pixels. */
  readonly gap?: number;
}

export type Colour = readonly [red: number, green: number, blue: number];

/** Colours row by row; with 8 bits or fewer they are the palette, in the order in which they first appear. */
export const bmpOf = (
  colours: readonly Colour[],
  [width, height]: readonly [number, number],
  { bits, topDown = false, gap = 0 }: BmpOptions,
): Buffer => {
  const palette = bits <= 8 ? [...new Set(colours.map(String))] : [];
  const paletteBytes = bits <= 8 ? 4 * 2 ** bits : 0;
  const rowBytes = 4 * Math.ceil((width * bits) / 32);
  const offset = 54 + paletteBytes + gap;
  const file = Buffer.alloc(offset + rowBytes * height);
  file.write('BM');
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(offset, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(width, 18);
  file.writeInt32LE(topDown ? -height : height, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(bits, 28);
  for (const [i, colour] of palette.entries())
    file.set(colour.split(',').map(Number).toReversed(), 54 + 4 * i);
  for (const [i, colour] of colours.entries()) {
    const [x, y] = [i % width, Math.floor(i / width)];
    const row = offset + (topDown ? y : height - 1 - y) * rowBytes;
    if (bits > 8) {
      file.set(colour.toReversed(), row + (x * bits) / 8);
      continue;
    }
    const place = row + Math.floor((x * bits) / 8);
    const shift = 8 - bits - ((x * bits) % 8);
    file[place] = (file[place] ?? 0) | (palette.indexOf(String(colour)) << shift);
  }
  return file;
};
