import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { isBmp, readBmp } from '../../../../harness/data/images/bmp.js';
import { requireImage, rowsOf } from '../../../../harness/data/images/decode.js';
import { filesIn } from '../../../../harness/data/images/image-files.js';
import { type BmpOptions, bmpOf, type Colour } from '../../../support/bmp.js';
import { it } from '../../../support/folder.js';
import { seededRandom } from '../../../support/random.js';
import { refusalOf } from '../../../support/refusal.js';

const [WIDTH, HEIGHT] = [13, 7];
const MOST_PIXELS = 1000;

const coloursOf = (count: number): readonly Colour[] => {
  const random = seededRandom(3);
  const byte = (): number => Math.floor(256 * random());
  const palette = Array.from({ length: count }, (): Colour => [byte(), byte(), byte()]);
  return Array.from(
    { length: WIDTH * HEIGHT },
    () => palette[Math.floor(count * random())] ?? ([0, 0, 0] as const),
  );
};

const file = (options: BmpOptions): Buffer => bmpOf(coloursOf(2), [WIDTH, HEIGHT], options);

const changed = (at: number, value: number): Buffer => {
  const bytes = file({ bits: 24 });
  bytes.writeInt32LE(value, at);
  return bytes;
};

/** Of a longer header, whose masks end with that of transparency. */
const transparent = (): Buffer => {
  const bytes = Buffer.alloc(14 + 56 + 4 * HEIGHT * Math.ceil(WIDTH / 2));
  file({ bits: 16, masks: [0x7c00, 0x3e0, 0x1f] }).copy(bytes, 0, 0, 66);
  bytes.writeUInt32LE(14 + 56, 10);
  bytes.writeUInt32LE(56, 14);
  bytes.writeUInt32LE(0x8000, 66);
  return bytes;
};

describe('a BMP file', () => {
  it.for([
    [2, { bits: 1 }],
    [16, { bits: 4 }],
    [91, { bits: 8 }],
    [91, { bits: 24 }],
    [91, { bits: 32 }],
    [91, { bits: 24, topDown: true }],
    [91, { bits: 24, gap: 40 }],
  ] as const)('of %i colours, %o, gives them as they are', async ([count, options]) => {
    const colours = coloursOf(count);
    const bytes = bmpOf(colours, [WIDTH, HEIGHT], options);
    expect(isBmp(bytes)).toBe(true);
    const rows = await readBmp(bytes, MOST_PIXELS);
    expect(rows).toEqual({ bytes: Uint8Array.from(colours.flat()), width: WIDTH, height: HEIGHT });
  });

  it.for([
    ['5 bits for every colour', [31, 31, 31], undefined],
    ['6 bits for green', [31, 63, 31], [0xf800, 0x7e0, 0x1f]],
    ['4 bits for every colour, from blue to red', [15, 15, 15], [0xf, 0xf0, 0xf00]],
  ] as const)('of 16 bits a pixel with %s gives the nearest of 256 levels', async ([, most, masks]) => {
    const colours = Array.from({ length: 64 }, (_, i): Colour => {
      const [red, green, blue] = most.map((levels) => Math.round((255 * (i % (levels + 1))) / levels));
      return [red ?? 0, green ?? 0, blue ?? 0];
    });
    const bytes = bmpOf(colours, [16, 4], { bits: 16, ...(masks ? { masks } : {}) });
    expect([...(await readBmp(bytes, MOST_PIXELS)).bytes]).toEqual(colours.flat());
  });

  it('is refused wherever it is cut off', async () => {
    const whole = file({ bits: 24 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: whole.length - 1 }), async (length) => {
        await expect(readBmp(whole.subarray(0, length), MOST_PIXELS)).rejects.toThrow(/^it is cut off$/);
      }),
    );
  });

  it('never gives anything but its pixels or an error, whatever its header says', async () => {
    const whole = file({ bits: 8 });
    const change = fc.tuple(fc.integer({ min: 2, max: 53 }), fc.integer({ min: 0, max: 255 }));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
        const bytes = Buffer.from(whole);
        for (const [at, value] of changes) bytes[at] = value;
        const result = await readBmp(bytes, MOST_PIXELS).catch((error: unknown) => error);
        if (result instanceof Error) return;
        const { bytes: rows, width, height } = result as Awaited<ReturnType<typeof readBmp>>;
        expect(rows).toHaveLength(3 * width * height);
      }),
    );
  });

  it.for([
    ['compressed', changed(30, 1), /compressed/],
    ['of too many pixels', changed(18, 30_000), /more than 0.001 million pixels/],
    ['without rows', changed(22, 0), /damaged/],
    ['of OS/2', changed(14, 12), /OS\/2/],
    ['of 16 bits a pixel, one of them transparency,', transparent(), /transparency/],
    ['of another depth', changed(28, 7), /damaged/],
  ] as const)('%s is refused', async ([, bytes, reason]) => {
    await expect(readBmp(bytes, MOST_PIXELS)).rejects.toThrow(reason);
  });

  it('is an image like any other', async ({ folder }) => {
    const colours = coloursOf(5);
    const bytes = bmpOf(colours, [WIDTH, HEIGHT], { bits: 24 });
    expect(await requireImage(bytes, 'a.bmp')).toEqual({ width: WIDTH, height: HEIGHT });
    writeFileSync(join(folder, 'a.bmp'), bytes);
    const rows = await rowsOf(filesIn(folder), 'a.bmp', null);
    expect([...rows.bytes]).toEqual(colours.flat());
    expect(await refusalOf(() => requireImage(bytes.subarray(0, 90), 'a.bmp'))).toMatch(
      /^a\.bmp cannot be read as an image: it is cut off\./,
    );
  });
});
