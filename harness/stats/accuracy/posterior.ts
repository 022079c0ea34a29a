/**
 * The accuracies of all candidates of one group, over all seeds and images there could be, known together: everything that is said about
 * them (pairs, claims, effects of factors, fronts) is read from one set of draws.
 */
import { cholesky, type Symmetric } from './cholesky.js';
import { type CorrectBySeed, type CrossedTrials, crossTrials } from './correctness.js';
import { normals } from './noise.js';
import { seedDraws } from './seed-draws.js';
import { centre, type TrialTable } from './trials.js';
import { withUnseen } from './unseen.js';

/** Enough that the 95 % quantile of a family is off by 1 to 2 % of itself. */
const DRAWS = 2000;

export interface AccuracyPosterior {
  readonly candidates: number;
  /** By candidate, the mean over its trials, as a share. */
  readonly estimates: Float64Array;
  /** By candidate, its number of trials. */
  readonly trials: Float64Array;
  /** One row a draw: accuracy - estimate of every candidate. */
  readonly errors: Float64Array;
  readonly draws: number;
  /** By candidate, the typical variance between seeds; null where none has a second trial: then nothing is known about seeds. */
  readonly seedVariances: Float64Array | null;
  /** Of the candidates' accuracies, by which images are tested. */
  readonly imageCovariance: Symmetric;
  /** What one of them can be. */
  readonly bounds: CrossedTrials['bounds'];
}

/**
 * Of candidates trained with some seeds each, tested on the same images. Throws RangeError where a candidate has no trial, or trials
 * differ in the number of images.
 */
export const accuracyPosterior = (candidates: readonly CorrectBySeed[]): AccuracyPosterior => {
  const { imageCovariance, images, ...table } = crossTrials(candidates);
  return trialPosterior({ ...table, imageCovariance: withUnseen(imageCovariance, images) });
};

/** The same whatever the order of the candidates: they are drawn in the order of their accuracies. */
export const trialPosterior = (table: CrossedTrials): AccuracyPosterior => {
  const order = canonicalOrder(table);
  const seeds = seedDraws(reorder(table, order), DRAWS);
  const { candidates, imageCovariance, bounds } = table;
  const factor = cholesky(permute(imageCovariance, order));
  const errors = new Float64Array(DRAWS * candidates);
  const normal = normals(2 * DRAWS * candidates).subarray(DRAWS * candidates);
  for (let d = 0; d < DRAWS; d += 1) {
    for (let i = 0; i < candidates; i += 1) {
      let error = seeds?.errors[d * candidates + i] ?? 0;
      if (factor !== null) {
        for (let k = 0; k <= i; k += 1) {
          error += (factor[i * candidates + k] ?? 0) * (normal[d * candidates + k] ?? 0);
        }
      }
      errors[d * candidates + (order[i] ?? 0)] = error;
    }
  }
  const { count, mean } = centre(table);
  return {
    candidates,
    estimates: mean,
    trials: count,
    draws: DRAWS,
    errors,
    seedVariances: seeds === null ? null : restore(seeds.variances, order),
    imageCovariance,
    bounds,
  };
};

/** By accuracy; of the same accuracy, by spread. */
const canonicalOrder = (table: TrialTable): readonly number[] => {
  const { mean, deviations } = centre(table);
  const squares = mean.map((_, c) =>
    deviations
      .subarray(c * table.seeds, (c + 1) * table.seeds)
      .reduce((sum, value) => (Number.isNaN(value) ? sum : sum + value ** 2), 0),
  );
  return Array.from(mean, (_, c) => c).sort(
    (a, b) => (mean[a] ?? 0) - (mean[b] ?? 0) || (squares[a] ?? 0) - (squares[b] ?? 0),
  );
};

const reorder = (table: TrialTable, order: readonly number[]): TrialTable => ({
  ...table,
  top1: table.top1.map((_, i) => {
    const row = order[Math.floor(i / table.seeds)] ?? 0;
    return table.top1[row * table.seeds + (i % table.seeds)] ?? Number.NaN;
  }),
  leastSpread: table.leastSpread.map((_, i) => table.leastSpread[order[i] ?? 0] ?? 0),
});

const restore = (values: Float64Array, order: readonly number[]): Float64Array => {
  const restored = new Float64Array(values.length);
  for (const [i, c] of order.entries()) restored[c] = values[i] ?? 0;
  return restored;
};

const permute = ({ size, values }: Symmetric, order: readonly number[]): Symmetric => ({
  size,
  values: values.map((_, at) => {
    const [c, d] = [order[Math.floor(at / size)] ?? 0, order[at % size] ?? 0];
    return values[Math.max(c, d) * size + Math.min(c, d)] ?? 0;
  }),
});
