/**
 * A mean over seeds and images, where every seed sees the same images: the two-way crossed random-effects model
 *
 *   y(s, i) = mu + seed(s) + image(i) + residual(s, i)
 *
 * that radiology calls multi-reader multi-case analysis (Dorfman, Berbaum and Metz 1992; Obuchowski and Rockette 1995; Hillis 2007).
 * With S seeds, I images and mean squares MSs, MSi, MSe, the variance of the mean is estimated by (MSs + C) / (S I), where
 * C = max(MSi - MSe, 0) is what the images add.
 */
import { ALPHA, around, type Inference, meanInference, type Prediction, tCritical } from './inference.js';

/** Mean squares of seeds, images and residual. */
export interface MeanSquares {
  readonly seeds: number;
  readonly images: number;
  readonly residual: number;
}

/**
 * The mean of a table of one row a seed and one column an image, whose values are what one network does with an image (0 or 1), or a
 * difference of such. With one seed, over images alone. Throws RangeError where rows differ in length or there are fewer than two
 * images.
 */
export const crossedInference = (rows: readonly ArrayLike<number>[]): Inference => {
  const [only] = rows;
  if (!only) throw new RangeError('A table without rows has no mean.');
  if (rows.length === 1) return { ...meanInference(Array.from(only)), units: 1, predict: null };
  const images = only.length;
  const { mean, squares } = analyseVariance(rows);
  const seedPart = squares.seeds + ROUNDING / images;
  const predict = (seeds: number, alpha: number): Prediction => {
    const imagePart = (Math.max(squares.images - squares.residual, 0) * seeds) / rows.length;
    return {
      standardError: Math.sqrt((seedPart + imagePart) / (seeds * images)),
      halfWidth: halfWidth(seedPart, imagePart, { seeds, images, alpha }),
    };
  };
  return {
    value: mean,
    interval: (alpha) => around(mean, predict(rows.length, alpha).halfWidth),
    units: rows.length,
    predict,
  };
};

/**
 * Seeds are known by whole images: by chance two get the very same number right, and seem not to vary. What rounding to whole numbers
 * hides has this variance (Sheppard 1898).
 */
const ROUNDING = 1 / 12;

/**
 * Half-width of the interval of a mean whose variance has a part known with S - 1 degrees of freedom and one known with I - 1: a
 * critical value between t(S - 1) and t(I - 1), weighted by the parts as Cochran and Cox (1950) do, times the standard error.
 *
 * Satterthwaite's single t, with degrees of freedom estimated from the same mean squares, covers 88 % instead of 95 % at two seeds
 * and 92 % at three. Which mean of the two critical values holds the level was found by simulation: at 95 %, the arithmetic one
 * (Cochran and Cox) with two seeds, where it covers 94 to 98 % whatever the shares of seeds and images, and the geometric one with
 * more, where it covers 95 to 97 %. At the smaller alphas of a family both err up to three times as often as they may; there the
 * quadratic mean, which adds the half-widths of both parts in squares (Howe 1974; Zou and Donner 2008), never errs more often.
 */
const halfWidth = (
  seedPart: number,
  imagePart: number,
  { seeds, images, alpha }: { readonly seeds: number; readonly images: number; readonly alpha: number },
): number => {
  const total = seedPart + imagePart;
  const weight = seedPart / total;
  const [ofSeeds, ofImages] = [tCritical(alpha, seeds - 1), tCritical(alpha, images - 1)];
  const mean = alpha < ALPHA ? quadraticMean : seeds === 2 ? arithmeticMean : geometricMean;
  return mean(weight, ofSeeds, ofImages) * Math.sqrt(total / (seeds * images));
};

/** `weight` is that of the first value, 1 - `weight` that of the second. */
type WeightedMean = (weight: number, first: number, second: number) => number;

const arithmeticMean: WeightedMean = (weight, first, second) => weight * first + (1 - weight) * second;

const geometricMean: WeightedMean = (weight, first, second) => first ** weight * second ** (1 - weight);

const quadraticMean: WeightedMean = (weight, first, second) =>
  Math.sqrt(weight * first ** 2 + (1 - weight) * second ** 2);

/** Mean and mean squares of a table of two rows and two columns or more. */
export const analyseVariance = (
  rows: readonly ArrayLike<number>[],
): { readonly mean: number; readonly squares: MeanSquares } => {
  const images = rows[0]?.length ?? 0;
  const seeds = rows.length;
  if (seeds < 2 || images < 2) throw new RangeError(`A table of ${seeds} x ${images} has no residual.`);
  const columns = new Float64Array(images);
  const rowSums = new Float64Array(seeds);
  let ofSquares = 0;
  for (const [s, row] of rows.entries()) {
    if (row.length !== images)
      throw new RangeError(`Rows of ${images} and ${row.length} images are not crossed.`);
    let sum = 0;
    for (let i = 0; i < images; i += 1) {
      const value = row[i] ?? Number.NaN;
      sum += value;
      ofSquares += value * value;
      columns[i] = (columns[i] ?? 0) + value;
    }
    rowSums[s] = sum;
  }
  const total = rowSums.reduce((sum, value) => sum + value, 0);
  const correction = total ** 2 / (seeds * images);
  const ofSeeds = sumOfSquares(rowSums) / images - correction;
  const ofImages = sumOfSquares(columns) / seeds - correction;
  const residual = ofSquares - correction - ofSeeds - ofImages;
  const atLeastZero = (sum: number): number => Math.max(sum, 0);
  return {
    mean: total / (seeds * images),
    squares: {
      seeds: atLeastZero(ofSeeds) / (seeds - 1),
      images: atLeastZero(ofImages) / (images - 1),
      residual: atLeastZero(residual) / ((seeds - 1) * (images - 1)),
    },
  };
};

const sumOfSquares = (values: Float64Array): number => values.reduce((sum, value) => sum + value ** 2, 0);
