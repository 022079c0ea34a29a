/**
 * By how much the candidates of a group vary between seeds, each by itself and all together: candidates lend each other what their few
 * seeds tell.
 *
 * The logarithm of a candidate's standard deviation lies about a centre that all share. Below the centre it falls off as a normal
 * distribution of width tau does, above it as Student's t with three degrees of freedom: now and then a candidate is far less stable
 * than its like, hardly ever far more. Centre (no value favoured) and tau (one of four) are unknown as well: a point estimate of them
 * from six or eight candidates (limma, Smyth 2004) is too sure of itself.
 *
 * Everything is summed over a grid of standard deviations, so that neither sampling nor a conjugate family is needed. Each of them is a
 * possible centre: many candidates know theirs so well that of every second value only one is near, above or below by chance.
 */
import type { Residuals } from './trials.js';

/** Between neighbours on the grid, in logarithms; no more than what a spread with that many degrees of freedom is known to. */
const stepFor = (degrees: number): number => Math.min(0.2, 1 / Math.sqrt(2 * degrees));

/** The grid reaches this far beyond the least and the greatest of the estimates, and no further below the greatest than the last. */
const REACH = { below: 0.5, above: 3.2, most: 6 } as const;

const TAUS = [0.1, 0.25, 0.5, 1] as const;

const HEAVY_TAIL_DEGREES = 3;

export interface SpreadGrid {
  readonly step: number;
  /** Standard deviations, ascending. */
  readonly spreads: Float64Array;
  readonly precisions: Float64Array;
  /** By tau, the prior of a spread so many steps above the centre, from -(size - 1) to size - 1. */
  readonly kernels: readonly Float64Array[];
}

/** For spreads whose estimates lie between these, the best known with so many degrees of freedom. */
export const spreadGrid = (least: number, greatest: number, degrees: number): SpreadGrid => {
  const step = stepFor(degrees);
  const low = Math.max(Math.log(least) - REACH.below, Math.log(greatest) - REACH.most);
  const size = Math.ceil((Math.log(greatest) + REACH.above - low) / step) + 1;
  const spreads = Float64Array.from({ length: size }, (_, g) => Math.exp(low + g * step));
  return { step, spreads, precisions: spreads.map((spread) => spread ** -2), kernels: kernelsOf(size, step) };
};

const known = new Map<string, readonly Float64Array[]>();

const kernelsOf = (size: number, step: number): readonly Float64Array[] => {
  const key = `${size} ${step}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const kernels = TAUS.map((tau) => {
    const densities = Float64Array.from({ length: 2 * size - 1 }, (_, i) => {
      const x = ((i - size + 1) * step) / tau;
      return x < 0
        ? Math.exp((-x * x) / 2)
        : (1 + x ** 2 / HEAVY_TAIL_DEGREES) ** (-(HEAVY_TAIL_DEGREES + 1) / 2);
    });
    const total = densities.reduce((sum, density) => sum + density, 0);
    return densities.map((density) => density / total);
  });
  known.set(key, kernels);
  return kernels;
};

/** What seeds say of spreads. */
export interface SpreadPosterior {
  /** By candidate, the mean of spread^-2. */
  readonly meanPrecisions: () => Float64Array;
  /**
   * `draws` times the spreads of all candidates, one row a draw. They depend on each other: centre and tau are drawn for all.
   * `uniform` has one value for every spread.
   */
  readonly draw: (draws: number, uniform: Float64Array) => Float64Array;
}

/**
 * Spreads below `leastSpread` (see `TrialTable`) have no probability, unless the whole grid lies below it. That says what a candidate's
 * spread can be, and nothing of the centre that it lies about: the prior of a candidate adds up to 1 over what is possible.
 */
export const spreadPosterior = (
  grid: SpreadGrid,
  residuals: Residuals,
  leastSpread: Float64Array,
): SpreadPosterior => {
  const { spreads, precisions, kernels } = grid;
  const size = spreads.length;
  const candidates = residuals.squares.length;
  const first = firstPossible(grid, leastSpread);
  const likelihood = likelihoods(grid, residuals, first);
  const marginals = new Float64Array(kernels.length * size * candidates);
  const weights = hyperWeights({ grid, likelihood, first, marginals });

  /** The kernel of one of the weights, and where in it the least spread stands. */
  const prior = (h: number) => ({
    kernel: kernels[Math.floor(h / size)] ?? new Float64Array(),
    offset: size - 1 - (h % size),
  });

  const meanPrecisions = (): Float64Array => {
    const means = new Float64Array(candidates);
    for (let h = 0; h < weights.length; h += 1) {
      const weight = weights[h] ?? 0;
      if (weight < NEGLIGIBLE) continue;
      const { kernel, offset } = prior(h);
      for (let c = 0; c < candidates; c += 1) {
        let sum = 0;
        for (let g = 0; g < size; g += 1) {
          sum += (kernel[g + offset] ?? 0) * (likelihood[c * size + g] ?? 0) * (precisions[g] ?? 0);
        }
        means[c] = (means[c] ?? 0) + (weight * sum) / (marginals[h * candidates + c] ?? 1);
      }
    }
    return means;
  };

  const draw = (draws: number, uniform: Float64Array): Float64Array => {
    const drawn = new Float64Array(draws * candidates);
    const cumulative = new Float64Array(candidates * size);
    let total = 0;
    let from = 0;
    for (let h = 0; h < weights.length && from < draws; h += 1) {
      total += weights[h] ?? 0;
      const to = h === weights.length - 1 ? draws : Math.min(Math.round(total * draws), draws);
      if (to <= from) continue;
      const { kernel, offset } = prior(h);
      for (let c = 0; c < candidates; c += 1) {
        let sum = 0;
        for (let g = 0; g < size; g += 1) {
          sum += (kernel[g + offset] ?? 0) * (likelihood[c * size + g] ?? 0);
          cumulative[c * size + g] = sum;
        }
      }
      for (let d = from; d < to; d += 1) {
        for (let c = 0; c < candidates; c += 1) {
          const row = c * size;
          const wanted = (uniform[d * candidates + c] ?? 0) * (cumulative[row + size - 1] ?? 0);
          drawn[d * candidates + c] = spreads[firstAbove(cumulative, row, size, wanted) - row] ?? Number.NaN;
        }
      }
      from = to;
    }
    return drawn;
  };

  return { meanPrecisions, draw };
};

/** Weights below add nothing to a mean that could be seen. */
const NEGLIGIBLE = 1e-4;

/** By candidate, the first place on the grid that is not below its least spread by more than half a step. */
const firstPossible = ({ step, spreads }: SpreadGrid, leastSpread: Float64Array): Int32Array =>
  Int32Array.from(leastSpread, (least) => {
    const first = spreads.findIndex((spread) => spread >= least * Math.exp(-step / 2));
    return first < 0 ? spreads.length - 1 : first;
  });

/**
 * By candidate and spread, how likely its residuals are: those of a normal distribution, as a multiple of the greatest.
 */
const likelihoods = (
  { spreads, precisions }: SpreadGrid,
  { squares, degrees }: Residuals,
  first: Int32Array,
): Float64Array => {
  const size = spreads.length;
  const logs = spreads.map(Math.log);
  const likelihood = new Float64Array(squares.length * size);
  for (let c = 0; c < squares.length; c += 1) {
    const row = likelihood.subarray(c * size, (c + 1) * size);
    let greatest = Number.NEGATIVE_INFINITY;
    for (let g = 0; g < size; g += 1) {
      const log = -(degrees[c] ?? 0) * (logs[g] ?? 0) - ((squares[c] ?? 0) * (precisions[g] ?? 0)) / 2;
      row[g] = g < (first[c] ?? 0) ? Number.NEGATIVE_INFINITY : log;
      greatest = Math.max(greatest, row[g] ?? 0);
    }
    for (let g = 0; g < size; g += 1) row[g] = Math.exp((row[g] ?? 0) - greatest);
  }
  return likelihood;
};

/** The posterior of tau and centre, tau by tau; fills `marginals`, the likelihood of each candidate under each. */
const hyperWeights = ({
  grid: { spreads, kernels },
  likelihood,
  first,
  marginals,
}: {
  readonly grid: SpreadGrid;
  readonly likelihood: Float64Array;
  readonly first: Int32Array;
  readonly marginals: Float64Array;
}): Float64Array => {
  const size = spreads.length;
  const candidates = first.length;
  const logs = new Float64Array(kernels.length * size);
  for (const [t, kernel] of kernels.entries()) {
    const share = sharesOf(kernel);
    for (let m = 0; m < size; m += 1) {
      const h = t * size + m;
      const offset = size - 1 - m;
      let log = 0;
      let product = 1;
      for (let c = 0; c < candidates; c += 1) {
        let sum = 0;
        for (let g = 0; g < size; g += 1) sum += (kernel[g + offset] ?? 0) * (likelihood[c * size + g] ?? 0);
        marginals[h * candidates + c] = sum;
        product *= sum / share(offset, offset + (first[c] ?? 0), offset + size);
        if (product > UNDERFLOW) continue;
        log += Math.log(product);
        product = 1;
      }
      logs[h] = log + Math.log(product);
    }
  }
  return normalised(logs);
};

const UNDERFLOW = 1e-200;

/** Of the part of a kernel from `start` up to `end`, the share from `first` on. */
const sharesOf = (kernel: Float64Array) => {
  const sums = new Float64Array(kernel.length + 1);
  for (const [i, value] of kernel.entries()) sums[i + 1] = (sums[i] ?? 0) + value;
  const between = (from: number, to: number): number => (sums[to] ?? 0) - (sums[from] ?? 0);
  return (start: number, first: number, end: number): number => between(first, end) / between(start, end);
};

/** exp(log), made to add up to 1. */
export const normalised = (logs: Float64Array): Float64Array => {
  const greatest = logs.reduce((most, log) => Math.max(most, log), Number.NEGATIVE_INFINITY);
  const weights = logs.map((log) => Math.exp(log - greatest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
};

/** The first place of an ascending row whose value is greater than what is wanted. */
const firstAbove = (values: Float64Array, row: number, size: number, wanted: number): number => {
  let [low, high] = [row, row + size - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? 0) <= wanted) low = middle + 1;
    else high = middle;
  }
  return low;
};
