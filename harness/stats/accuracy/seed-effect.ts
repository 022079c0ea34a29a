/**
 * What a seed does to all candidates alike: a(c, s) = mu(c) + b(s) + e(c, s), with b(s) ~ N(0, omega^2) and e(c, s) ~ N(0, 1 / precision(c)).
 * Removed, it is not taken for the candidates' own spread; where seeds are few, removing what is not there costs degrees of freedom.
 */
import { cholesky, solveLower, solveUpper } from './cholesky.js';
import type { CentredTrials, Residuals } from './trials.js';

export interface SeedEffect {
  /** By seed, the mean of its effect. */
  readonly effects: Float64Array;
  /** Lower triangle of the precision of the effects' errors (Cholesky); null where there is no effect. */
  readonly lower: Float64Array | null;
  readonly residuals: Residuals;
  /** Logarithm of how much more likely the trials are than without an effect. */
  readonly logLikelihoodRatio: number;
}

export const withoutSeedEffect = ({ count, deviations }: CentredTrials): SeedEffect => {
  const seeds = deviations.length / count.length;
  return {
    effects: new Float64Array(seeds),
    lower: null,
    residuals: {
      squares: count.map((_, c) => sumOfSquares(deviations.subarray(c * seeds, (c + 1) * seeds))),
      degrees: count.map((trials) => trials - 1),
    },
    logLikelihoodRatio: 0,
  };
};

const sumOfSquares = (values: Float64Array): number =>
  values.reduce((sum, value) => (Number.isNaN(value) ? sum : sum + value ** 2), 0);

/**
 * Generalised least squares with `precisions` taken as known; candidates' means are free. A candidate loses as many degrees of freedom
 * as its own trials have had a say in the effects that are taken from it.
 */
export const fitSeedEffect = (
  { count, deviations }: CentredTrials,
  precisions: Float64Array,
  omega: number,
): SeedEffect => {
  const candidates = count.length;
  const seeds = deviations.length / candidates;
  const { pull, information } = normalEquations({ count, deviations }, precisions);
  for (let s = 0; s < seeds; s += 1) {
    information[s * seeds + s] = (information[s * seeds + s] ?? 0) + omega ** -2;
  }
  const lower = cholesky({ size: seeds, values: information });
  if (lower === null) throw new RangeError(`Seed effects of ${omega} cannot be told.`);
  const effects = pull.slice();
  solveLower(lower, effects);
  const explained = effects.reduce((sum, value) => sum + value ** 2, 0);
  solveUpper(lower, effects);
  let logDeterminant = 0;
  for (let s = 0; s < seeds; s += 1) logDeterminant += 2 * Math.log(lower[s * seeds + s] ?? 0);
  return {
    effects,
    lower,
    residuals: residualsOf({ count, deviations }, precisions, effects, inverse(lower, seeds)),
    logLikelihoodRatio: explained / 2 - logDeterminant / 2 - seeds * Math.log(omega),
  };
};

type Deviations = Pick<CentredTrials, 'count' | 'deviations'>;

const normalEquations = ({ count, deviations }: Deviations, precisions: Float64Array) => {
  const seeds = deviations.length / count.length;
  const pull = new Float64Array(seeds);
  const information = new Float64Array(seeds * seeds);
  for (let c = 0; c < count.length; c += 1) {
    const precision = precisions[c] ?? 0;
    const shared = precision / (count[c] ?? 1);
    for (let s = 0; s < seeds; s += 1) {
      const deviation = deviations[c * seeds + s] ?? Number.NaN;
      if (Number.isNaN(deviation)) continue;
      pull[s] = (pull[s] ?? 0) + precision * deviation;
      information[s * seeds + s] = (information[s * seeds + s] ?? 0) + precision;
      for (let t = 0; t <= s; t += 1) {
        if (Number.isNaN(deviations[c * seeds + t] ?? Number.NaN)) continue;
        information[s * seeds + t] = (information[s * seeds + t] ?? 0) - shared;
      }
    }
  }
  return { pull, information };
};

const inverse = (lower: Float64Array, size: number): Float64Array => {
  const columns = new Float64Array(size * size);
  for (let i = 0; i < size; i += 1) {
    const column = columns.subarray(i * size, (i + 1) * size);
    column[i] = 1;
    solveLower(lower, column);
    solveUpper(lower, column);
  }
  return columns;
};

const residualsOf = (
  { count, deviations }: Deviations,
  precisions: Float64Array,
  effects: Float64Array,
  covariance: Float64Array,
): Residuals => {
  const seeds = effects.length;
  const squares = new Float64Array(count.length);
  const degrees = new Float64Array(count.length);
  for (let c = 0; c < count.length; c += 1) {
    const trials = count[c] ?? 1;
    let sum = 0;
    let ofSquares = 0;
    let errors = 0;
    for (let s = 0; s < seeds; s += 1) {
      const left = (deviations[c * seeds + s] ?? Number.NaN) - (effects[s] ?? 0);
      if (Number.isNaN(left)) continue;
      sum += left;
      ofSquares += left ** 2;
      errors += covariance[s * seeds + s] ?? 0;
      for (let t = 0; t < seeds; t += 1) {
        if (!Number.isNaN(deviations[c * seeds + t] ?? Number.NaN)) {
          errors -= (covariance[s * seeds + t] ?? 0) / trials;
        }
      }
    }
    squares[c] = Math.max(ofSquares - sum ** 2 / trials, 0);
    degrees[c] = Math.max(trials - 1 - (precisions[c] ?? 0) * errors, 0);
  }
  return { squares, degrees };
};
