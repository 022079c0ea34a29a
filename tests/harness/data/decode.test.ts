import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect } from 'vitest';
import { decode, requireImage } from '../../../harness/data/decode.js';
import { randomRegion } from '../../../harness/data/random-region.js';
import { randomStream } from '../../../harness/random.js';
import { it } from '../../support/folder.js';
import { gradient, plain, writeImages } from '../../support/image-folder.js';
import { refusalOf } from '../../support/refusal.js';

const LAYOUT = { pixelStep: 3, channelStep: 1 };

/** Red and green of a pixel: in a gradient, the column and row it comes from, in 1/256 of the image. */
const pixelAt = (bytes: Uint8Array, index: number): readonly (number | undefined)[] => [
  bytes[3 * index],
  bytes[3 * index + 1],
];

describe('a decoded image', () => {
  it('shows in evaluation the centre of 256 pixels that the shorter side is scaled to', async ({
    folder,
  }) => {
    await writeImages(folder, { 'a.png': gradient(500, 375), 'b.jpg': gradient(300, 640) });
    for (const [name, size] of [
      ['a.png', { height: 256 }],
      ['b.jpg', { width: 256 }],
    ] as const) {
      const file = join(folder, name);
      const scaled = await sharp(file)
        .resize({ ...size, kernel: 'linear' })
        .raw()
        .toBuffer({ resolveWithObject: true });
      const { width, height } = scaled.info;
      const [left, top] = [Math.ceil((width - 224) / 2), Math.ceil((height - 224) / 2)];
      const expected = await sharp(scaled.data, { raw: { width, height, channels: 3 } })
        .extract({ left, top, width: 224, height: 224 })
        .raw()
        .toBuffer();
      const { bytes, ...image } = await decode(file, { size: 224, crop: null });
      expect(image).toEqual({ width: 224, height: 224, ...LAYOUT });
      expect(Buffer.compare(bytes, expected)).toBe(0);
    }
  });

  it('shows in training the region that its stream draws, scaled to the size', async ({ folder }) => {
    await writeImages(folder, { 'a.png': gradient(120, 90) });
    const file = join(folder, 'a.png');
    for (const seed of [1, 2, 3]) {
      const region = randomRegion(120, 90, randomStream(seed));
      const expected = await sharp(file)
        .extract(region)
        .resize(32, 32, { fit: 'fill', kernel: 'linear' })
        .raw()
        .toBuffer();
      const { bytes, ...image } = await decode(file, { size: 32, crop: randomStream(seed) });
      expect(image).toEqual({ width: 32, height: 32, ...LAYOUT });
      expect(Buffer.compare(bytes, expected)).toBe(0);
      const [[left = 0, top = 0], [right = 0, bottom = 0]] = [pixelAt(bytes, 0), pixelAt(bytes, 32 * 32 - 1)];
      expect(Math.abs((120 * left) / 255 - region.left)).toBeLessThan(4);
      expect(Math.abs((90 * top) / 255 - region.top)).toBeLessThan(4);
      expect(Math.abs((120 * right) / 255 - (region.left + region.width))).toBeLessThan(5);
      expect(Math.abs((90 * bottom) / 255 - (region.top + region.height))).toBeLessThan(5);
    }
  });

  it.for([
    ['grey.png', [90, 90, 90], 2],
    ['grey.jpg', [90, 90, 90], 2],
    ['wide.png', [200, 40, 90], 2],
    ['palette.png', [200, 40, 90], 2],
    ['clear.png', [200, 40, 90], 2],
    ['print.jpg', [120, 70, 80], 16],
    ['web.webp', [200, 40, 90], 8],
    ['tiny.png', [200, 40, 90], 2],
  ] as const)(
    '%s: has three channels of its colours, whatever the file',
    async ([name, colour, near], { folder }) => {
      const coloured = () => plain(20, 16, colour);
      const made = {
        'grey.png': coloured().toColourspace('b-w'),
        'grey.jpg': coloured().toColourspace('b-w'),
        'wide.png': coloured().toColourspace('rgb16'),
        'palette.png': coloured().png({ palette: true }),
        'clear.png': coloured().ensureAlpha(0.5),
        'print.jpg': coloured().toColourspace('cmyk'),
        'web.webp': coloured(),
        'tiny.png': plain(1, 1, colour),
      }[name];
      await writeImages(folder, { [name]: made });
      for (const crop of [null, randomStream(0)]) {
        const { bytes } = await decode(join(folder, name), { size: 8, crop });
        expect(bytes).toHaveLength(3 * 8 * 8);
        const off = bytes.map((byte, i) => Math.abs(byte - (colour[i % 3] ?? 0)));
        expect(Math.max(...off)).toBeLessThanOrEqual(near);
      }
    },
  );

  it('is refused where the file is none, is cut off, or is gone', async ({ folder }) => {
    await writeImages(folder, { 'whole.jpg': gradient(200, 200), 'whole.png': gradient(200, 200) });
    for (const name of ['jpg', 'png']) {
      const bytes = readFileSync(join(folder, `whole.${name}`));
      writeFileSync(join(folder, `cut.${name}`), bytes.subarray(0, bytes.length / 2));
    }
    writeFileSync(join(folder, 'text.jpg'), 'no picture');
    const cases = [
      ['cut.jpg', null],
      ['cut.png', null],
      ['text.jpg', null],
      ['text.jpg', randomStream(0)],
      ['none.jpg', null],
      ['none.jpg', randomStream(0)],
    ] as const;
    for (const [name, crop] of cases) {
      const refusal = await refusalOf(() => decode(join(folder, name), { size: 224, crop }));
      expect(refusal.startsWith(`${join(folder, name)} cannot be read as an image: `)).toBe(true);
      expect(refusal).toMatch(/Replace the file, or remove it from the folder\.$/);
    }
    await requireImage(readFileSync(join(folder, 'whole.jpg')), 'whole.jpg');
    expect(await refusalOf(() => requireImage(Buffer.from('no picture'), 'text.jpg'))).toMatch(
      /^text\.jpg cannot be read as an image: /,
    );
  });
});
