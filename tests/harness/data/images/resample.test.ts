import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Image } from '../../../../harness/data/dataset.js';
import { resampler } from '../../../../harness/data/images/resample.js';
import { randomStream } from '../../../../harness/random.js';

const planar = (bytes: Uint8Array, height: number, width: number): Image => ({
  bytes,
  height,
  width,
  pixelStep: 1,
  channelStep: height * width,
});

const noise = (count: number, seed: number): Uint8Array => {
  const stream = randomStream(seed);
  return Uint8Array.from({ length: count }, () => stream.integer(0, 255));
};

const side = fc.integer({ min: 1, max: 40 });

describe('a resampled image', () => {
  it('of the same size is the same', () => {
    fc.assert(
      fc.property(side, fc.integer(), (size, seed) => {
        const image = planar(noise(3 * size * size, seed), size, size);
        expect(resampler([size, size], 3, size)(image)).toEqual(image);
      }),
    );
  });

  it('of one colour stays so at every size', () => {
    fc.assert(
      fc.property(side, side, side, fc.integer({ min: 0, max: 255 }), (height, width, size, colour) => {
        const image = planar(new Uint8Array(height * width).fill(colour), height, width);
        const { bytes } = resampler([height, width], 1, size)(image);
        expect(bytes).toEqual(new Uint8Array(size * size).fill(colour));
      }),
    );
  });

  it('does not depend on how its channels lie', () => {
    fc.assert(
      fc.property(side, side, side, fc.integer(), (height, width, size, seed) => {
        const pixels = height * width;
        const image = planar(noise(3 * pixels, seed), height, width);
        const interleaved = {
          ...image,
          bytes: Uint8Array.from({ length: 3 * pixels }, (_, i) => {
            return image.bytes[(i % 3) * pixels + Math.floor(i / 3)] ?? 0;
          }),
          pixelStep: 3,
          channelStep: 1,
        };
        const resample = resampler([height, width], 3, size);
        expect(resample(interleaved)).toEqual(resample(image));
      }),
    );
  });

  it('of a ramp that is enlarged is a ramp between the same ends, away from the edges', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 40 }), fc.nat(60), (from, more) => {
        const to = from + more;
        const ramp = (position: number): number => 10 + (200 * position) / from;
        const across = Uint8Array.from({ length: from * from }, (_, i) => Math.round(ramp(i % from)));
        const { bytes } = resampler([from, from], 1, to)(planar(across, from, from));
        const edge = Math.ceil(to / from);
        for (let x = edge; x < to - edge; x += 1) {
          const centre = ((x + 0.5) * from) / to - 0.5;
          expect(Math.abs((bytes[x] ?? 0) - ramp(centre))).toBeLessThanOrEqual(1.01);
        }
      }),
    );
  });

  it.for([
    [28, 14],
    [28, 20],
    [28, 27],
    [60, 20],
  ] as const)('of %i pixels made %i is what sharp makes of it, away from the edges', async ([from, to]) => {
    const bytes = noise(from * from, from + to);
    const { bytes: ours } = resampler([from, from], 1, to)(planar(bytes, from, from));
    const theirs = await sharp(bytes, { raw: { width: from, height: from, channels: 1 } })
      .resize(to, to, { fit: 'fill', kernel: 'linear' })
      .toColourspace('b-w')
      .raw()
      .toBuffer();
    const off = [...ours.keys()].filter((i) => {
      const [row, column] = [Math.floor(i / to), i % to];
      const inside = Math.min(row, column, to - 1 - row, to - 1 - column) >= 1;
      return inside && Math.abs((ours[i] ?? 0) - (theirs[i] ?? 0)) > 2;
    });
    expect(off).toEqual([]);
  });
});
