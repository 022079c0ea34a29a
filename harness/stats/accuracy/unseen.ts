/** What images that were not tested may add to the variance of accuracies. */
import type { Symmetric } from './cholesky.js';

/**
 * Where all images are classified right, others would not be: a share of 0 or 1 has this variance, times the square of the number of
 * images, once half the square of the 95 % quantile is added to successes and to failures (Agresti and Coull 1998).
 */
const UNSEEN = 1.92;

/**
 * A covariance of accuracies by which images are tested, with that added. Two candidates share what is unseen as far as they share what
 * is seen; of one that varies by no image, nothing is known.
 */
export const withUnseen = ({ size, values }: Symmetric, images: number): Symmetric => {
  const at = (c: number, d: number): number => values[c * size + d] ?? 0;
  return {
    size,
    values: values.map((value, i) => {
      const [c, d] = [Math.floor(i / size), i % size];
      const spread = Math.sqrt(at(c, c) * at(d, d));
      const shared = spread > 0 ? value / spread : 0;
      return value + ((c === d ? 1 : shared) * UNSEEN) / images ** 2;
    }),
  };
};
