/** What a sample says about its location and spread. All throw RangeError on an empty sample. */

export const mean = (values: ArrayLike<number>): number => {
  requireValues(values);
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) sum += values[i] ?? Number.NaN;
  return sum / values.length;
};

/** Sum of squared deviations over n - 1. Throws RangeError where there are fewer than two values. */
export const variance = (values: ArrayLike<number>): number => {
  if (values.length < 2) throw new RangeError(`${values.length} values have no variance.`);
  const centre = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) sum += ((values[i] ?? Number.NaN) - centre) ** 2;
  return sum / (values.length - 1);
};

export const median = (values: ArrayLike<number>): number => quantile(values, 0.5);

/** Interpolated between order statistics at (n - 1) * share, as Hyndman and Fan's type 7 (1996). */
export const quantile = (values: ArrayLike<number>, share: number): number => {
  requireValues(values);
  const sorted = Float64Array.from(values).sort();
  const at = (sorted.length - 1) * share;
  const below = sorted[Math.floor(at)] ?? Number.NaN;
  const above = sorted[Math.ceil(at)] ?? Number.NaN;
  return below + (above - below) * (at - Math.floor(at));
};

/** The share of values at either end that a trimmed mean does without: of 6 the least and the greatest, of 12 two each. */
const TRIM = 1 / 6;

/** How many of so many values a trimmed mean does without, at either end. */
export const trimmedAtEnds = (count: number): number => Math.floor(TRIM * count);

/** The mean without the least and the greatest sixth; of fewer than six, of all. */
export const trimmedMean = (values: readonly number[]): number => {
  const cut = trimmedAtEnds(values.length);
  return mean(ascending(values).slice(cut, values.length - cut));
};

/** In ascending order, what a trimmed mean does without replaced by the next that is left. */
export const winsorised = (values: readonly number[]): readonly number[] => {
  const sorted = ascending(values);
  const cut = trimmedAtEnds(values.length);
  return sorted.map((_, i) => sorted[Math.min(Math.max(i, cut), sorted.length - 1 - cut)] ?? Number.NaN);
};

const ascending = (values: readonly number[]): readonly number[] => values.toSorted((a, b) => a - b);

const requireValues = ({ length }: ArrayLike<number>): void => {
  if (length === 0) throw new RangeError('An empty sample says nothing.');
};
