/**
 * What per-image correctness says beyond accuracies: how much the finding depends on which images were tested, and what a network's
 * accuracy must vary by between seeds at least.
 *
 * All trials are tested on the same images, so that an image's difficulty is shared by all candidates and seeds, and what one candidate
 * makes of an image by all of its seeds (the crossed design of multi-reader multi-case analysis: Dorfman, Berbaum and Metz 1992;
 * Obuchowski and Rockette 1995). That part does not show between seeds. It is estimated without bias from products of different seeds.
 */
import { cholesky, type Symmetric } from './cholesky.js';
import type { TrialTable } from './trials.js';

/** Of the test images: 1 where one was classified right, else 0; or, of a change, what it adds to that: 1, 0 or -1. */
export type PerImage = Uint8Array | Int8Array;

/** By seed, one value an image. */
export type CorrectBySeed = ReadonlyMap<number, PerImage>;

export interface CrossedTrials extends TrialTable {
  /** Of the candidates' accuracies, by which images are tested; positive definite, or all 0. */
  readonly imageCovariance: Symmetric;
  /** What the mean over images can be: from 0 to 1, of changes from -1 to 1. */
  readonly bounds: readonly [least: number, most: number];
}

/**
 * Trials of candidates on the same images, in order. Throws RangeError where a candidate has no trial, or trials differ in the number
 * of images, or there are fewer than two.
 */
export const crossTrials = (
  candidates: readonly CorrectBySeed[],
): CrossedTrials & { readonly images: number } => {
  const seeds = [...new Set(candidates.flatMap((bySeed) => [...bySeed.keys()]))].sort((a, b) => a - b);
  const images = imagesOf(candidates);
  const table: Table = {
    candidates: candidates.length,
    seeds: seeds.length,
    images,
    trials: candidates.map((bySeed) => seeds.map((seed) => bySeed.get(seed) ?? null)),
  };
  const counts = table.trials.map((row) => sumByImage(row, images));
  const top1 = Float64Array.from(
    table.trials.flatMap((row) => row.map((correct) => (correct === null ? Number.NaN : shareOf(correct)))),
  );
  return {
    candidates: table.candidates,
    seeds: table.seeds,
    images,
    top1,
    resolution: Math.sqrt(1 / 12) / images,
    leastSpread: Float64Array.from(table.trials, (row, c) => leastSpread(counts[c] ?? NOTHING, row)),
    imageCovariance: imagePart(table, counts, top1),
    bounds: table.trials.flat().some((values) => values instanceof Int8Array) ? [-1, 1] : [0, 1],
  };
};

const NOTHING = new Int16Array();

interface Table {
  readonly candidates: number;
  readonly seeds: number;
  readonly images: number;
  /** By candidate and seed; null where there is no such trial. */
  readonly trials: readonly Row[];
}

type Row = readonly (PerImage | null)[];

const imagesOf = (candidates: readonly CorrectBySeed[]): number => {
  const sizes = new Set(candidates.flatMap((bySeed) => [...bySeed.values()].map(({ length }) => length)));
  const [images = 0, ...others] = sizes;
  if (others.length > 0 || images < 2) {
    throw new RangeError(`Trials on ${[...sizes].join(', ') || 'no'} images are not crossed.`);
  }
  return images;
};

const trialsIn = (row: Row): number => row.filter((one) => one !== null).length;

const shareOf = (correct: PerImage): number => {
  let sum = 0;
  for (let i = 0; i < correct.length; i += 1) sum += correct[i] ?? 0;
  return sum / correct.length;
};

/** By image, the sum over trials: how many are right. */
const sumByImage = (row: Row, images: number): Int16Array => {
  const counts = new Int16Array(images);
  for (const correct of row) {
    if (correct === null) continue;
    for (let i = 0; i < images; i += 1) counts[i] = (counts[i] ?? 0) + (correct[i] ?? 0);
  }
  return counts;
};

/**
 * An image that one seed gets right and another wrong moves the accuracy by itself. If images did so independently, the variance
 * between seeds would be the mean variance of an image over the number of images; what moves all of them together comes on top.
 */
const leastSpread = (counts: Int16Array, row: Row): number => {
  const trials = trialsIn(row);
  if (trials < 2) return 0;
  let disagreeing = -dot(counts, counts);
  for (const values of row) if (values !== null) disagreeing += trials * dot(values, values);
  return Math.sqrt(disagreeing / (trials * (trials - 1))) / counts.length;
};

/**
 * Of two candidates, the mean of the images' covariance over every two trials of different seeds; of a candidate with one seed, of that
 * seed with itself, which is too much. Over a few images the result may be no covariance: then as much as is needed is added of what
 * trials of the same seed have in common.
 */
const imagePart = (
  { candidates: size, seeds, images, trials }: Table,
  counts: readonly Int16Array[],
  top1: Float64Array,
): Symmetric => {
  const rows = trials.map((row) => row.map((correct) => (correct === null ? null : packed(correct))));
  const values = new Float64Array(size * size);
  const biased = new Float64Array(size * size);
  for (let c = 0; c < size; c += 1) {
    for (let d = 0; d <= c; d += 1) {
      const all = pairsOf(top1, seeds, c, d);
      const covarianceOfAll = dot(counts[c] ?? NOTHING, counts[d] ?? NOTHING) / images - all.products;
      let same = -all.sameSeedProducts;
      for (let s = 0; s < seeds; s += 1) {
        const [one, other] = [rows[c]?.[s], rows[d]?.[s]];
        if (one && other) same += common(one, other) / images;
      }
      const different = all.pairs - all.sameSeedPairs;
      const ofMean = 1 / (images - 1);
      const mean = (covarianceOfAll / all.pairs) * ofMean;
      biased[c * size + d] = mean;
      values[c * size + d] = different === 0 ? mean : ((covarianceOfAll - same) / different) * ofMean;
    }
  }
  return madeCovariance({ size, values }, biased);
};

/** How many pairs of trials two candidates have, and the sum of products of their accuracies. */
const pairsOf = (top1: Float64Array, seeds: number, c: number, d: number) => {
  const sums = { pairs: 0, products: 0, sameSeedPairs: 0, sameSeedProducts: 0 };
  for (let s = 0; s < seeds; s += 1) {
    for (let t = 0; t < seeds; t += 1) {
      const product = (top1[c * seeds + s] ?? 0) * (top1[d * seeds + t] ?? 0);
      if (Number.isNaN(product)) continue;
      sums.pairs += 1;
      sums.products += product;
      if (s !== t) continue;
      sums.sameSeedPairs += 1;
      sums.sameSeedProducts += product;
    }
  }
  return sums;
};

const dot = (one: PerImage | Int16Array, other: PerImage | Int16Array): number => {
  let sum = 0;
  for (let i = 0; i < one.length; i += 1) sum += (one[i] ?? 0) * (other[i] ?? 0);
  return sum;
};

/** Bits are packed, so that what two trials have in common is counted by words. */
const packed = (values: PerImage): Uint32Array | Int8Array =>
  values instanceof Int8Array ? values : packBits(values);

/** Throws RangeError where bits meet changes. */
const common = (one: Uint32Array | Int8Array, other: Uint32Array | Int8Array): number => {
  if (one instanceof Int8Array && other instanceof Int8Array) return dot(one, other);
  if (one instanceof Uint32Array && other instanceof Uint32Array) return countCommon(one, other);
  throw new RangeError('Trials are not crossed with changes.');
};

const WORD = 32;

const packBits = (correct: Uint8Array): Uint32Array => {
  const words = new Uint32Array(Math.ceil(correct.length / WORD));
  for (let i = 0; i < correct.length; i += 1) {
    words[i >> 5] = (words[i >> 5] ?? 0) | ((correct[i] ?? 0) << (i & 31));
  }
  return words;
};

const countCommon = (one: Uint32Array, other: Uint32Array): number => {
  let sum = 0;
  for (let w = 0; w < one.length; w += 1) sum += countOnes((one[w] ?? 0) & (other[w] ?? 0));
  return sum;
};

/** Ones in a word of 32 bits: in pairs, fours and eights at once (Warren, Hacker's Delight, 5-1). */
const countOnes = (word: number): number => {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
};

/** Shares of the bias that are tried, until the matrix is positive definite. */
const BIAS_STEPS = 4;

const madeCovariance = ({ size, values }: Symmetric, biased: Float64Array): Symmetric => {
  const largest = biased.reduce((most, value) => Math.max(most, value), 0);
  for (let step = 0; step <= BIAS_STEPS; step += 1) {
    const share = step / BIAS_STEPS;
    const mixed = values.map((value, i) => value + share * ((biased[i] ?? 0) - value));
    for (let c = 0; c < size; c += 1) mixed[c * size + c] = (mixed[c * size + c] ?? 0) + JITTER * largest;
    const covariance = { size, values: mixed };
    if (cholesky(covariance) !== null) return covariance;
  }
  return { size, values: new Float64Array(size * size) };
};

/** Of the largest variance, added to all: networks that are the same have a singular matrix. */
const JITTER = 1e-9;
