import type { Image } from '../dataset.js';

/** The source pixels of one axis that make each of the target's, and the weight of every one. */
interface Taps {
  readonly first: Uint32Array;
  /** `width` a target pixel. */
  readonly weights: Float64Array;
  readonly width: number;
}

/**
 * Images of one size at another, `size` x `size`, planar: a triangle filter, as wide as the scale asks for where it makes them smaller,
 * its weights renormalised at the edges. Those of Pillow's BILINEAR but for rounding, which happens once.
 */
export const resampler = (
  [height, width]: readonly [height: number, width: number],
  channels: number,
  size: number,
): ((image: Image) => Image) => {
  const [rows, columns] = [tapsOf(height, size), tapsOf(width, size)];
  const narrow = new Float64Array(height * size);
  return ({ bytes, pixelStep, channelStep }) => {
    const scaled = new Uint8Array(channels * size * size);
    for (let channel = 0; channel < channels; channel += 1) {
      for (let row = 0; row < height; row += 1) {
        const start = channel * channelStep + row * width * pixelStep;
        for (let x = 0; x < size; x += 1) {
          narrow[row * size + x] = weighted(columns, x, bytes, start, pixelStep);
        }
      }
      for (let y = 0; y < size; y += 1) {
        for (let x = 0; x < size; x += 1) {
          scaled[(channel * size + y) * size + x] = Math.round(weighted(rows, y, narrow, x, size));
        }
      }
    }
    return { bytes: scaled, height: size, width: size, pixelStep: 1, channelStep: size * size };
  };
};

const weighted = (
  { first, weights, width }: Taps,
  target: number,
  values: Uint8Array | Float64Array,
  start: number,
  step: number,
): number => {
  const from = start + (first[target] ?? 0) * step;
  let sum = 0;
  for (let tap = 0; tap < width; tap += 1) {
    const weight = weights[target * width + tap] ?? 0;
    if (weight !== 0) sum += weight * (values[from + tap * step] ?? 0);
  }
  return sum;
};

const tapsOf = (from: number, to: number): Taps => {
  const scale = from / to;
  const radius = Math.max(1, scale);
  const width = Math.ceil(2 * radius) + 1;
  const first = new Uint32Array(to);
  const weights = new Float64Array(to * width);
  for (let target = 0; target < to; target += 1) {
    const centre = (target + 0.5) * scale - 0.5;
    const begin = Math.max(0, Math.ceil(centre - radius));
    const all = Array.from({ length: width }, (_, tap) =>
      begin + tap < from ? Math.max(0, 1 - Math.abs(begin + tap - centre) / radius) : 0,
    );
    const sum = all.reduce((total, weight) => total + weight, 0);
    first[target] = begin;
    weights.set(
      all.map((weight) => weight / sum),
      target * width,
    );
  }
  return { first, weights, width };
};
