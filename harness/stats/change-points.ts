/**
 * Where the level of a series changes: the division into segments that minimises the squared deviations from segment means, over the
 * variance of the noise, plus a penalty for every change.
 *
 * Outliers and heavy tails must not look like changes. Values far from the median of their neighbours are therefore drawn back towards
 * it (a Hampel filter; Davies and Gather 1993): no single value counts for much, and a level that has held for long enough counts in full.
 */
import { tCritical } from './inference.js';
import { leastCostSegments } from './least-cost-segments.js';
import { mean, median } from './sample.js';

/** Positions from `start` up to, but without, `end`. */
export interface Segment {
  readonly start: number;
  readonly end: number;
  /** Median of the values. */
  readonly level: number;
}

export interface ChangeLimits {
  /** Chance of a change in a series that has none. */
  readonly alpha: number;
  /** Neighbouring levels that differ by less are one level. */
  readonly leastChange: number;
}

/** Fewest values of a level. */
const SHORTEST = 3;

/** The levels of a series with noise, in order. Fewer than six values are one level. */
export const noisyLevels = (
  values: readonly number[],
  { alpha, leastChange }: ChangeLimits,
): readonly Segment[] => {
  if (values.length < 2 * SHORTEST) return segmentsFrom(values, [0]);
  const rough = Math.max(roughNoise(values), ROUNDING * Math.abs(median(values)), Number.MIN_VALUE);
  const calm = withoutOutliers(values, OUTLIER * rough);
  const noise = Math.max(rough, noiseOf(calm, 2 * OUTLIER * rough));
  const starts = leastCostSegments(
    calm.map((value) => (value - (calm[0] ?? 0)) / noise),
    { shortest: SHORTEST, penalty: penaltyOf(values.length, alpha) },
  );
  return mergeAlike(values, segmentsFrom(values, starts), leastChange);
};

/** The levels of a series without noise: every different value begins one. */
export const exactLevels = (values: readonly number[]): readonly Segment[] =>
  segmentsFrom(
    values,
    [...values.keys()].filter((i) => i === 0 || values[i] !== values[i - 1]),
  );

const segmentsFrom = (values: readonly number[], starts: readonly number[]): Segment[] =>
  values.length === 0
    ? []
    : starts.map((start, index) => {
        const end = starts[index + 1] ?? values.length;
        return { start, end, level: median(values.slice(start, end)) };
      });

/** Least difference in relation to the values that is not due to rounding. */
const ROUNDING = 1e-9;

/** Of a normal distribution, the standard deviation over the median absolute deviation. */
const NORMAL = 1.4826;

/** By the median difference of neighbours, which no step and few outliers touch; it has twice the variance of the values. */
const roughNoise = (values: readonly number[]): number =>
  (NORMAL * median(differences(values).map(Math.abs))) / Math.SQRT2;

/** By the mean square difference of neighbours (von Neumann et al. 1941), a step counting for at most `most`. */
const noiseOf = (values: readonly number[], most: number): number =>
  Math.sqrt(mean(differences(values).map((step) => Math.min(Math.abs(step), most) ** 2)) / 2);

const differences = (values: readonly number[]): number[] =>
  values.slice(1).map((value, i) => value - (values[i] ?? value));

/** Neighbours of a value, itself included. More than half of them must be outliers to be taken for a level. */
const NEIGHBOURS = 15;

/** In standard deviations. */
const OUTLIER = 2.5;

const withoutOutliers = (values: readonly number[], reach: number): number[] => {
  const latest = Math.max(0, values.length - NEIGHBOURS);
  return values.map((value, i) => {
    const start = Math.min(Math.max(0, i - (NEIGHBOURS >> 1)), latest);
    const centre = median(values.slice(start, start + NEIGHBOURS));
    return Math.min(Math.max(value, centre - reach), centre + reach);
  });
};

/**
 * What a change must gain: the square of Student's t at alpha over the number of places where it could be (Bonferroni). Differences of
 * neighbours tell a variance two-thirds as well as deviations from a known mean, hence the degrees of freedom. In simulation at most 5 %
 * of series without a change get one at alpha 0.05, with normal, heavy-tailed or skewed noise, and with every tenth value an outlier.
 */
const penaltyOf = (count: number, alpha: number): number =>
  tCritical(alpha / count, (2 / 3) * (count - 1)) ** 2;

/** Joins the two neighbours that differ least until all differ by enough: what a drift takes in small steps is not lost. */
const mergeAlike = (
  values: readonly number[],
  segments: readonly Segment[],
  leastChange: number,
): readonly Segment[] => {
  const steps = differences(segments.map(({ level }) => level)).map(Math.abs);
  const smallest = Math.min(...steps);
  if (!(smallest < leastChange)) return segments;
  const joined = steps.indexOf(smallest) + 1;
  const starts = segments.filter((_, index) => index !== joined).map(({ start }) => start);
  return mergeAlike(values, segmentsFrom(values, starts), leastChange);
};
