import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Box, type Pixels, paintBox } from '../../../../harness/data/scaling/kernel.js';
import { KERNEL } from '../../../../harness/data/scaling/kernel-bytes.js';
import { randomStream } from '../../../../harness/random.js';
import { PLAIN, referencePaint } from '../../../support/scaling.js';
import { assembleKernel } from '../../../support/write-kernel.js';

const IMAGENET = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] };

const noise = (width: number, height: number, seed: number): Pixels => {
  const stream = randomStream(seed, 'noise');
  return {
    width,
    height,
    bytes: Uint8Array.from({ length: 3 * width * height }, () => stream.integer(0, 255)),
  };
};

const side = fc.integer({ min: 1, max: 60 });
const share = fc.double({ min: 0, max: 1, noNaN: true });

/** An image and a box within it, whose edges may lie within pixels. */
const boxed = fc
  .record({ width: side, height: side, seed: fc.nat(), at: fc.tuple(share, share, share, share) })
  .map(({ width, height, seed, at: [x, y, w, h] }) => {
    const box: Box = {
      left: x * (width - 0.5),
      top: y * (height - 0.5),
      width: 0.5 + w * (width - 0.5) * (1 - x),
      height: 0.5 + h * (height - 0.5) * (1 - y),
    };
    return { pixels: noise(width, height, seed), box };
  });

describe('the scaling kernel', () => {
  it('is its source, assembled', async () => {
    expect(await assembleKernel()).toBe(KERNEL);
  });

  it('paints what a triangle filter in float64 gives, mirrored or not', () => {
    fc.assert(
      fc.property(boxed, fc.integer({ min: 1, max: 40 }), fc.boolean(), ({ pixels, box }, size, mirrored) => {
        for (const normalisation of [IMAGENET, PLAIN]) {
          const target = { size, mirrored, normalisation };
          const canvas = new Float32Array(3 * size * size);
          paintBox(pixels, box, target, canvas);
          const expected = referencePaint(pixels, box, target);
          const largest = 1 / Math.min(...normalisation.deviation);
          const off = canvas.map((value, i) => Math.abs(value - (expected[i] ?? Number.NaN)) / largest);
          expect(Math.max(...off)).toBeLessThan(1e-5);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('keeps an image of the size asked for, to the last bit of its bytes', () => {
    const pixels = noise(33, 33, 1);
    const canvas = new Float32Array(3 * 33 * 33);
    const box = { left: 0, top: 0, width: 33, height: 33 };
    paintBox(pixels, box, { size: 33, mirrored: false, normalisation: PLAIN }, canvas);
    const planes = [0, 1, 2].flatMap((channel) => [...pixels.bytes].filter((_, i) => i % 3 === channel));
    expect([...canvas].map(Math.round)).toEqual(planes);
  });

  it('gives the same bits whatever was painted before', () => {
    const [small, large] = [noise(20, 30, 2), noise(400, 300, 3)];
    const target = { size: 24, mirrored: false, normalisation: IMAGENET };
    const paint = (pixels: Pixels): Float32Array => {
      const canvas = new Float32Array(3 * 24 * 24);
      const { width, height } = pixels;
      paintBox(pixels, { left: 0.3, top: 1.7, width: width - 1, height: height - 3 }, target, canvas);
      return canvas;
    };
    const first = paint(small);
    paint(large);
    expect(paint(small)).toEqual(first);
  });
});
