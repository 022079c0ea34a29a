/** A triangle filter in float64, pixel by pixel, by its definition: what the kernel is compared with. */
import type { Box, Pixels, Target } from '../../harness/data/scaling/kernel.js';

export const PLAIN = { mean: [0, 0, 0], deviation: [1 / 255, 1 / 255, 1 / 255] } as const;

/** 3 x size x size. */
export const referencePaint = (
  { bytes, width, height }: Pixels,
  box: Box,
  { size, mirrored, normalisation: { mean, deviation } }: Target,
): Float64Array => {
  const weightsOf = (begin: number, length: number, pixels: number, target: number) => {
    const scale = length / size;
    const radius = Math.max(1, scale);
    const centre = begin + (target + 0.5) * scale - 0.5;
    const first = Math.max(Math.floor(begin), Math.floor(centre - radius));
    const last = Math.min(Math.ceil(begin + length), pixels, Math.ceil(centre + radius) + 1);
    const taps = Array.from({ length: last - first }, (_, i) => ({
      pixel: first + i,
      weight: Math.max(0, 1 - Math.abs(first + i - centre) / radius),
    }));
    const sum = taps.reduce((total, { weight }) => total + weight, 0);
    return taps.map(({ pixel, weight }) => ({ pixel, weight: weight / sum }));
  };
  const columns = Array.from({ length: size }, (_, x) => weightsOf(box.left, box.width, width, x));
  const painted = new Float64Array(3 * size * size);
  for (let y = 0; y < size; y += 1) {
    const rows = weightsOf(box.top, box.height, height, y);
    for (const [x, column] of columns.entries()) {
      for (const channel of [0, 1, 2]) {
        let value = 0;
        for (const row of rows) {
          for (const { pixel, weight } of column) {
            value += row.weight * weight * (bytes[3 * (row.pixel * width + pixel) + channel] ?? Number.NaN);
          }
        }
        const place = (channel * size + y) * size + (mirrored ? size - 1 - x : x);
        painted[place] = (value / 255 - (mean[channel] ?? 0)) / (deviation[channel] ?? 1);
      }
    }
  }
  return painted;
};
