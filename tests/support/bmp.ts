/** BMP files as their format has it, written plainly. */
export interface BmpOptions {
  readonly bits: 1 | 4 | 8 | 16 | 24 | 32;
  /** Bits of each colour of a pixel, with 16 bits: 5 each where their masks are left out. */
  readonly masks?: readonly [red: number, green: number, blue: number];
  readonly topDown?: boolean;
  /** Bytes between the header and the pixels. */
  readonly gap?: number;
}

export type Colour = readonly [red: number, green: number, blue: number];

/** Colours row by row; with 8 bits or fewer they are the palette, in the order in which they first appear. */
export const bmpOf = (
  colours: readonly Colour[],
  [width, height]: readonly [number, number],
  { bits, masks, topDown = false, gap = 0 }: BmpOptions,
): Buffer => {
  const palette = bits <= 8 ? [...new Set(colours.map(String))] : [];
  const paletteBytes = bits <= 8 ? 4 * 2 ** bits : 0;
  const rowBytes = 4 * Math.ceil((width * bits) / 32);
  const offset = 54 + paletteBytes + (masks ? 12 : 0) + gap;
  const file = Buffer.alloc(offset + rowBytes * height);
  file.write('BM');
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(offset, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(width, 18);
  file.writeInt32LE(topDown ? -height : height, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(bits, 28);
  if (masks) file.writeUInt32LE(3, 30);
  for (const [i, mask] of (masks ?? []).entries()) file.writeUInt32LE(mask, 54 + 4 * i);
  for (const [i, colour] of palette.entries())
    file.set(colour.split(',').map(Number).toReversed(), 54 + 4 * i);
  for (const [i, colour] of colours.entries()) {
    const [x, y] = [i % width, Math.floor(i / width)];
    const row = offset + (topDown ? y : height - 1 - y) * rowBytes;
    if (bits === 16) {
      file.writeUInt16LE(packed(colour, masks ?? [0x7c00, 0x3e0, 0x1f]), row + 2 * x);
      continue;
    }
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

/** The nearest levels that the masks have room for. */
const packed = (colour: Colour, masks: readonly number[]): number =>
  masks.reduce((pixel, mask, i) => {
    const lowest = mask & -mask;
    return pixel | (Math.round(((colour[i] ?? 0) * (mask / lowest)) / 255) * lowest);
  }, 0);
