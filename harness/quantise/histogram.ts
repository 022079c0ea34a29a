/** How often which values of an activation occurred. */
import type { Range } from './affine.js';

/** Counts in bins of equal width over a range. */
export interface Histogram {
  readonly range: Range;
  readonly counts: Float64Array;
}

const BINS = 2048;

export const emptyHistogram = (range: Range): Histogram => ({ range, counts: new Float64Array(BINS) });

export const binWidth = ({ range: [low, high], counts }: Histogram): number => (high - low) / counts.length;

/** The middle of a bin. */
export const binCentre = (histogram: Histogram, bin: number): number =>
  histogram.range[0] + (bin + 0.5) * binWidth(histogram);

/** Counts the values, which lie within the range. */
export const count = (histogram: Histogram, values: Float32Array): void => {
  const { range, counts } = histogram;
  const [low] = range;
  const perWidth = 1 / binWidth(histogram);
  if (!Number.isFinite(perWidth)) {
    counts[0] = (counts[0] ?? 0) + values.length;
    return;
  }
  const last = counts.length - 1;
  for (let i = 0; i < values.length; i += 1) {
    const bin = Math.min(last, Math.max(0, Math.floor(((values[i] ?? low) - low) * perWidth)));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
};
