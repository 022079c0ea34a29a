/** Top-1 accuracies of one group: one row a candidate, one column a seed. */
export interface TrialTable {
  readonly candidates: number;
  readonly seeds: number;
  /** Row by row; NaN where there is no such trial. */
  readonly top1: Float64Array;
  /** Standard deviation of what is lost where accuracies are rounded to whole images. */
  readonly resolution: number;
  /** By candidate, what its accuracy varies by between seeds at least: 0 where nothing is known. */
  readonly leastSpread: Float64Array;
}

/** A row of a table about its own mean. */
export interface CentredTrials {
  readonly count: Float64Array;
  readonly mean: Float64Array;
  /** Row by row, accuracy - mean; NaN where there is no such trial. */
  readonly deviations: Float64Array;
}

/** Throws RangeError where a candidate has no trial. */
export const centre = ({ candidates, seeds, top1 }: TrialTable): CentredTrials => {
  const count = new Float64Array(candidates);
  const mean = new Float64Array(candidates);
  for (let c = 0; c < candidates; c += 1) {
    const row = top1.subarray(c * seeds, (c + 1) * seeds).filter((value) => !Number.isNaN(value));
    if (row.length === 0) throw new RangeError(`Candidate ${c} has no trial.`);
    count[c] = row.length;
    mean[c] = row.reduce((sum, value) => sum + value, 0) / row.length;
  }
  const deviations = top1.map((value, i) => value - (mean[Math.floor(i / seeds)] ?? 0));
  return { count, mean, deviations };
};

/** What is left of a candidate's seeds: the sum of squares that its spread is estimated from, and its degrees of freedom. */
export interface Residuals {
  readonly squares: Float64Array;
  readonly degrees: Float64Array;
}
