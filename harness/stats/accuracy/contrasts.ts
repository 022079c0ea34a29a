/** Weighted sums of the candidates' accuracies, and intervals that hold for all of a family at once. */
import type { Interval } from '../inference.js';
import { quantile } from '../sample.js';
import type { AccuracyPosterior } from './posterior.js';

/** Weights of candidates by their place; those of a difference add up to 0. */
export type Contrast = readonly (readonly [candidate: number, weight: number])[];

export interface ContrastEstimate {
  readonly value: number;
  readonly interval: Interval;
}

export interface ContrastFamily {
  /** In the order of the contrasts. */
  readonly estimates: readonly ContrastEstimate[];
  /** Half-widths of the intervals before they are cut, in typical standard errors. */
  readonly critical: number;
}

/**
 * Intervals that hold all true values with probability 1 - alpha: every one reaches as many of its typical standard errors to either side
 * as the farthest of the family is off in all but a share alpha of the draws. No interval reaches beyond what accuracies can be.
 */
export const contrastFamily = (
  posterior: AccuracyPosterior,
  contrasts: readonly Contrast[],
  alpha: number,
): ContrastFamily => {
  const family = compile(contrasts);
  const errors = standardErrors(posterior, contrasts);
  const critical = contrasts.length === 0 ? 0 : quantile(farthest(posterior, family, errors), 1 - alpha);
  return {
    critical,
    estimates: contrasts.map((contrast, k) => {
      const value = estimateOf(posterior, contrast);
      return { value, interval: within(reachOf(contrast, posterior), value, critical * (errors[k] ?? 0)) };
    }),
  };
};

/** Of a contrast's estimate, by seeds and images, with every candidate's typical spread taken as known. */
export const standardErrors = (
  { seedVariances, trials, imageCovariance: { size, values } }: AccuracyPosterior,
  contrasts: readonly Contrast[],
): Float64Array =>
  Float64Array.from(contrasts, (contrast) => {
    let variance = 0;
    for (const [c, weight] of contrast) {
      variance += (weight ** 2 * (seedVariances?.[c] ?? 0)) / (trials[c] ?? 1);
      for (const [d, other] of contrast) {
        variance += weight * other * (values[Math.max(c, d) * size + Math.min(c, d)] ?? 0);
      }
    }
    return Math.sqrt(Math.max(variance, 0));
  });

const estimateOf = ({ estimates }: AccuracyPosterior, contrast: Contrast): number =>
  contrast.reduce((sum, [c, weight]) => sum + weight * (estimates[c] ?? Number.NaN), 0);

/** Least and greatest value that a weighted sum of accuracies can have. */
const reachOf = (contrast: Contrast, { bounds }: AccuracyPosterior): Interval => {
  const ends = contrast.map(([, weight]) => bounds.map((bound) => weight * bound));
  return [
    ends.reduce((sum, own) => sum + Math.min(...own), 0),
    ends.reduce((sum, own) => sum + Math.max(...own), 0),
  ];
};

const within = ([least, greatest]: Interval, value: number, halfWidth: number): Interval => [
  Math.max(value - halfWidth, least),
  Math.min(value + halfWidth, greatest),
];

/** Contrasts one after another: those of contrast k stand from start[k] to start[k + 1]. */
interface Compiled {
  readonly start: Int32Array;
  readonly candidate: Int32Array;
  readonly weight: Float64Array;
}

const compile = (contrasts: readonly Contrast[]): Compiled => {
  const start = new Int32Array(contrasts.length + 1);
  for (const [k, { length }] of contrasts.entries()) start[k + 1] = (start[k] ?? 0) + length;
  const candidate = new Int32Array(start[contrasts.length] ?? 0);
  const weight = new Float64Array(candidate.length);
  let at = 0;
  for (const contrast of contrasts) {
    for (const [c, w] of contrast) {
      candidate[at] = c;
      weight[at] = w;
      at += 1;
    }
  }
  return { start, candidate, weight };
};

/** By draw, the largest error of a contrast in its standard errors. */
const farthest = (
  { errors, draws, candidates }: Pick<AccuracyPosterior, 'errors' | 'draws' | 'candidates'>,
  { start, candidate, weight }: Compiled,
  standard: Float64Array,
): Float64Array => {
  const scales = standard.map((error) => (error > 0 ? 1 / error : 0));
  return Float64Array.from({ length: draws }, (_, d) => {
    const row = d * candidates;
    let most = 0;
    for (let k = 0; k < scales.length; k += 1) {
      let error = 0;
      const end = start[k + 1] ?? 0;
      for (let i = start[k] ?? 0; i < end; i += 1) {
        error += (weight[i] ?? 0) * (errors[row + (candidate[i] ?? 0)] ?? 0);
      }
      const scaled = Math.abs(error) * (scales[k] ?? 0);
      if (scaled > most) most = scaled;
    }
    return most;
  });
};
