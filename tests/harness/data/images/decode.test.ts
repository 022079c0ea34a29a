import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect } from 'vitest';
import type { View } from '../../../../harness/data/dataset.js';
import { decode, requireImage } from '../../../../harness/data/images/decode.js';
import { filesIn } from '../../../../harness/data/images/image-files.js';
import { randomRegion } from '../../../../harness/data/images/random-region.js';
import { type Pixels, paintBox } from '../../../../harness/data/scaling/kernel.js';
import { randomStream } from '../../../../harness/random.js';
import { UserError } from '../../../../harness/user/user-error.js';
import { it } from '../../../support/folder.js';
import { gradient, plain, writeImages } from '../../../support/image-folder.js';
import { refusalOf } from '../../../support/refusal.js';
import { PLAIN, referencePaint } from '../../../support/scaling.js';

/** Bytes, not yet rounded, of red, green and blue: 3 x size x size. */
const decoded = async (file: string, view: View) => {
  const canvas = new Float32Array(3 * view.size ** 2);
  const { width, height } = await sharp(file)
    .metadata()
    .catch(() => ({ width: 100, height: 100 }));
  const { pixels, box } = await decode(filesIn(''), file, { width, height }, view);
  paintBox(pixels, box, target(view.size), canvas);
  return canvas;
};

const largestDifference = (some: Float32Array, others: ArrayLike<number>): number =>
  some.reduce((most, value, i) => Math.max(most, Math.abs(value - (others[i] ?? Number.NaN))), 0);

/** All pixels of a file, as they lie in it. */
const wholePixels = async (file: string): Promise<Pixels> => {
  const { data, info } = await sharp(file).raw().toBuffer({ resolveWithObject: true });
  return { bytes: data, width: info.width, height: info.height };
};

const target = (size: number) => ({ size, mirrored: false, normalisation: PLAIN });

/** Red or green of a pixel: in a gradient, the column or row that it comes from, in 1/256 of the image. */
const channelAt = (canvas: Float32Array, channel: number, index: number): number =>
  canvas[(channel * canvas.length) / 3 + index] ?? Number.NaN;

describe('a decoded image', () => {
  it('shows in evaluation the centre of 256 pixels that the shorter side is scaled to', async ({
    folder,
  }) => {
    await writeImages(folder, { 'a.png': gradient(500, 375), 'b.jpg': gradient(300, 640) });
    for (const name of ['a.png', 'b.jpg']) {
      const pixels = await wholePixels(join(folder, name));
      const side = Math.min(pixels.width, pixels.height) * 0.875;
      const [left, top] = [(pixels.width - side) / 2, (pixels.height - side) / 2];
      const shown = await decoded(join(folder, name), { size: 32, crop: null });
      const reduced = await decoded(join(folder, name), { size: 224, crop: null });
      const box = { left, top, width: side, height: side };
      expect(largestDifference(reduced, referencePaint(pixels, box, target(224)))).toBeLessThan(0.01);
      // From far fewer pixels, the same picture.
      expect(largestDifference(shown, referencePaint(pixels, box, target(32)))).toBeLessThan(3);
    }
  });

  it('shows in training the region that its stream draws, scaled to the size', async ({ folder }) => {
    await writeImages(folder, { 'a.png': gradient(120, 90), 'a.jpg': gradient(120, 90) });
    for (const file of ['a.png', 'a.jpg'].map((name) => join(folder, name))) {
      for (const seed of [1, 2, 3]) {
        const region = randomRegion(120, 90, randomStream(seed));
        const expected = referencePaint(await wholePixels(file), region, target(80));
        const canvas = await decoded(file, { size: 80, crop: randomStream(seed) });
        expect(largestDifference(canvas, expected)).toBeLessThan(0.01);
        const last = 80 * 80 - 1;
        expect(Math.abs((120 * channelAt(canvas, 0, 0)) / 255 - region.left)).toBeLessThan(4);
        expect(Math.abs((90 * channelAt(canvas, 1, 0)) / 255 - region.top)).toBeLessThan(4);
        expect(
          Math.abs((120 * channelAt(canvas, 0, last)) / 255 - (region.left + region.width)),
        ).toBeLessThan(5);
        expect(Math.abs((90 * channelAt(canvas, 1, last)) / 255 - (region.top + region.height))).toBeLessThan(
          5,
        );
      }
    }
  });

  it('is decoded at a reduced scale where it is far larger, and looks alike', async ({ folder }) => {
    await writeImages(folder, { 'a.jpg': gradient(1203, 901), 'a.png': gradient(1203, 901) });
    for (const file of ['a.jpg', 'a.png'].map((name) => join(folder, name))) {
      const pixels = await wholePixels(file);
      for (const seed of [4, 5, 6]) {
        const region = randomRegion(1203, 901, randomStream(seed));
        const canvas = await decoded(file, { size: 48, crop: randomStream(seed) });
        expect(largestDifference(canvas, referencePaint(pixels, region, target(48)))).toBeLessThan(3);
      }
    }
  });

  it('is the same however many are decoded at once', async ({ folder }) => {
    await writeImages(folder, { 'a.jpg': gradient(200, 150) });
    const one = () => decoded(join(folder, 'a.jpg'), { size: 32, crop: randomStream(7) });
    const alone = await one();
    for (const canvas of await Promise.all(Array.from({ length: 24 }, one))) expect(canvas).toEqual(alone);
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
        const canvas = await decoded(join(folder, name), { size: 8, crop });
        const off = canvas.map((value, i) => Math.abs(value - (colour[Math.floor(i / 64)] ?? 0)));
        expect(Math.max(...off)).toBeLessThanOrEqual(near);
      }
    },
  );

  it('is refused where nothing says which of its values is white', async ({ folder }) => {
    const values = Float32Array.from({ length: 3 * 8 * 8 }, (_, index) => index / 192);
    const image = sharp(values, { raw: { width: 8, height: 8, channels: 3 } });
    const tiff = await image.tiff({ predictor: 'float', compression: 'deflate' }).toBuffer();
    const file = join(folder, 'float.tif');
    expect(await refusalOf(() => requireImage(tiff, file))).toBe(
      `${file} has values of type float, of which nothing says what is white. Convert it to 8 or 16 bits a value.`,
    );
  });

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
      const refusal = await refusalOf(() => decoded(join(folder, name), { size: 224, crop }));
      expect(refusal.startsWith(`${join(folder, name)} cannot be read`)).toBe(true);
      expect(refusal).toMatch(/Replace the file, or remove it from the folder\.$/);
    }
    await requireImage(readFileSync(join(folder, 'whole.jpg')), 'whole.jpg');
    expect(await refusalOf(() => requireImage(Buffer.from('no picture'), 'text.jpg'))).toMatch(
      /^text\.jpg cannot be read as an image: /,
    );
  });

  it.for(['jpg', 'png', 'webp'])(
    'of %s that was cut off is found so, or has lost no pixel',
    async (format, { folder }) => {
      await writeImages(folder, { [`whole.${format}`]: gradient(70, 50) });
      const whole = readFileSync(join(folder, `whole.${format}`));
      const cut = join(folder, `cut.${format}`);
      const view = { size: 16, crop: null };
      const pixels = await decoded(join(folder, `whole.${format}`), view);
      const accepted = async (bytes: Uint8Array): Promise<boolean> => {
        try {
          await requireImage(bytes, cut);
          return true;
        } catch (error) {
          if (error instanceof UserError) return false;
          throw error;
        }
      };
      let refused = 0;
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 0, max: whole.length - 1 }), async (length) => {
          const bytes = whole.subarray(0, length);
          if (!(await accepted(bytes))) {
            refused += 1;
            return;
          }
          writeFileSync(cut, bytes);
          expect(await decoded(cut, view)).toEqual(pixels);
        }),
        { numRuns: 60, examples: [[whole.length - 1], [whole.length - 2], [whole.length - 20]] },
      );
      expect(refused).toBeGreaterThan(20);
    },
  );
});
