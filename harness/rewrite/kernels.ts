/** Kernels as arrays [out, in / groups, height, width], in float64. */
import type { Pair } from '../graph/ops.js';

/** Where the taps of a kernel lie: how many, and how many of them before the centre, the tap on the output's own pixel. */
export interface Window {
  readonly size: Pair;
  readonly before: Pair;
}

/** The smallest window that holds all of these with their centres on one another. */
export const commonWindow = (windows: readonly Window[]): Window => {
  const along = (axis: 0 | 1): readonly [size: number, before: number] => {
    const before = Math.max(...windows.map((window) => window.before[axis]));
    const after = Math.max(...windows.map((window) => window.size[axis] - 1 - window.before[axis]));
    return [before + 1 + after, before];
  };
  const [[height, above], [width, left]] = [along(0), along(1)];
  return { size: [height, width], before: [above, left] };
};

/** A kernel with zeros around it, so that it fills a larger window. */
export const embedded = (kernel: Float64Array, from: Window, into: Window): Float64Array => {
  const [height, width] = from.size;
  const [newHeight, newWidth] = into.size;
  const [down, right] = [into.before[0] - from.before[0], into.before[1] - from.before[1]];
  if (height === newHeight && width === newWidth) return kernel;
  const taps = height * width;
  const result = new Float64Array((kernel.length / taps) * newHeight * newWidth);
  for (let tap = 0; tap < taps; tap++) {
    const target = (Math.floor(tap / width) + down) * newWidth + (tap % width) + right;
    for (let plane = 0; plane * taps < kernel.length; plane++) {
      result[plane * newHeight * newWidth + target] = kernel[plane * taps + tap] ?? Number.NaN;
    }
  }
  return result;
};

/** The 1x1 kernel that multiplies every channel by its factor, each within its group of `groupSize` channels. */
export const diagonal = (factors: Float64Array, groupSize: number): Float64Array => {
  const kernel = new Float64Array(factors.length * groupSize);
  for (const [channel, factor] of factors.entries())
    kernel[channel * groupSize + (channel % groupSize)] = factor;
  return kernel;
};
