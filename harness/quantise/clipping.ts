/** Ranges that clip the rare large values of an activation, so that the others get finer steps. Pure functions of its histogram. */
import type { Calibration } from '../../results/training/int8.js';
import { type Affine, type Range, UINT8_MOST, uint8Affine } from './affine.js';
import { binCentre, binWidth, type Histogram } from './histogram.js';

export type ClippingCalibration = Exclude<Calibration, 'min-max'>;

/** The range that a method chooses, within that of the histogram. */
export const clippedRange = (method: ClippingCalibration, histogram: Histogram): Range =>
  histogram.range[0] === histogram.range[1] ? histogram.range : METHODS[method](histogram);

/** Share of the values that are left out on each side. */
const TAIL = 0.00005;

/** All but one value in 20,000 on each side: the 99.99 % in the middle. */
const percentile = (histogram: Histogram): Range => {
  const { counts, range } = histogram;
  const [low, high] = range;
  const tail = TAIL * sum(counts);
  const reach = (bins: Iterable<number>): number => {
    let [passed, full] = [0, 0];
    for (const held of bins) {
      passed += held;
      if (passed > tail) break;
      full += 1;
    }
    return full * binWidth(histogram);
  };
  return [Math.min(0, low + reach(counts)), Math.max(0, high - reach(counts.toReversed()))];
};

/**
 * The range with the least mean square error of what is quantised, clipping and rounding together (Nagel et al. 2021, arXiv:2106.08295,
 * section 3.1).
 */
const meanSquare = (histogram: Histogram): Range =>
  leastOf(histogram, (range) => {
    const affine = uint8Affine(range);
    let error = 0;
    for (const [bin, held] of histogram.counts.entries()) {
      if (held === 0) continue;
      const value = binCentre(histogram, bin);
      error += held * (value - realOf(integerOf(value, affine), affine)) ** 2;
    }
    return error;
  });

/**
 * The range whose quantised values tell most about the values: with the least divergence (Kullback and Leibler) of their distribution from
 * that of the values with those beyond the range moved to its ends, as in TensorRT (Migacz 2017, GTC S7310).
 */
const entropy = (histogram: Histogram): Range => leastOf(histogram, (range) => divergence(histogram, range));

const METHODS: Record<ClippingCalibration, (histogram: Histogram) => Range> = {
  percentile,
  entropy,
  mse: meanSquare,
};

/** Fractions of the largest magnitude that are tried as limits. */
const TRIED = 128;

/** Limits of the magnitude, from all of it downwards: of equal ones the widest is taken. */
const leastOf = ({ range: [low, high] }: Histogram, badness: (range: Range) => number): Range => {
  const largest = Math.max(Math.abs(low), Math.abs(high));
  let best: { readonly range: Range; readonly badness: number } | null = null;
  for (let step = TRIED; step > 0; step -= 1) {
    const limit = (largest * step) / TRIED;
    const range: Range = [Math.max(low, -limit), Math.min(high, limit)];
    const found = badness(range);
    if (best === null || found < best.badness) best = { range, badness: found };
  }
  return best?.range ?? [low, high];
};

const divergence = (histogram: Histogram, range: Range): number => {
  const affine = uint8Affine(range);
  const { counts } = histogram;
  const clipped = new Float64Array(counts.length);
  const [first, last] = range.map((end) => binOf(histogram, end));
  for (const [bin, held] of counts.entries()) {
    const place = Math.min(last ?? bin, Math.max(first ?? bin, bin));
    clipped[place] = (clipped[place] ?? 0) + held;
  }
  // What is left of the distribution within the range when only the integers are known: each integer's share, spread over its bins.
  const shares = new Float64Array(UINT8_MOST + 1);
  const occupied = new Float64Array(UINT8_MOST + 1);
  const integers = counts.map((_, bin) => integerOf(binCentre(histogram, bin), affine));
  for (let bin = first ?? 0; bin <= (last ?? 0); bin += 1) {
    const held = counts[bin] ?? 0;
    const integer = integers[bin] ?? 0;
    shares[integer] = (shares[integer] ?? 0) + held;
    if ((clipped[bin] ?? 0) > 0) occupied[integer] = (occupied[integer] ?? 0) + 1;
  }
  const [all, within] = [sum(counts), sum(shares)];
  let total = 0;
  for (let bin = first ?? 0; bin <= (last ?? 0); bin += 1) {
    const p = (clipped[bin] ?? 0) / all;
    if (p === 0) continue;
    const integer = integers[bin] ?? 0;
    const q = (shares[integer] ?? 0) / (occupied[integer] ?? 1) / within;
    total += p * Math.log(p / Math.max(q, LEAST_SHARE));
  }
  return total;
};

/** In place of none at all, of which the divergence would be infinite. */
const LEAST_SHARE = 1e-12;

const integerOf = (value: number, { scale, zeroPoint }: Affine): number =>
  Math.min(UINT8_MOST, Math.max(0, Math.round(value / scale) + zeroPoint));

const realOf = (integer: number, { scale, zeroPoint }: Affine): number => (integer - zeroPoint) * scale;

const binOf = (histogram: Histogram, value: number): number =>
  Math.min(
    histogram.counts.length - 1,
    Math.max(0, Math.floor((value - histogram.range[0]) / binWidth(histogram))),
  );

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
