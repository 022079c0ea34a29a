/** How far top-1 spreads between seeds, what that costs, and what it decides, with 95 % intervals. Spreads are taken as normal. */
import chiSquareQuantile from '@stdlib/stats-base-dists-chisquare-quantile';
import fQuantile from '@stdlib/stats-base-dists-f-quantile';
import { around, tCritical } from '../harness/stats/inference.js';
import { mean, variance } from '../harness/stats/sample.js';

export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Trials of one block, one a seed. */
export interface Sample {
  /** Percent. */
  readonly top1: readonly number[];
  /** One row a seed, one 0 or 1 an image of the test set. */
  readonly correct: readonly Uint8Array[];
  readonly seconds: readonly number[];
}

const TAIL = 0.025;

/** Standard deviation over seeds, points; its interval is that of chi-square. */
export const spreadOf = ({ top1 }: Sample): Estimate => {
  const freedom = top1.length - 1;
  const spread = Math.sqrt(variance(top1));
  const at = (share: number): number => spread * Math.sqrt(freedom / chiSquareQuantile(share, freedom));
  return { value: spread, low: at(1 - TAIL), high: at(TAIL) };
};

/** Variance within blocks, each weighted by its degrees of freedom. */
const pooledVariance = (blocks: readonly Sample[]): number =>
  blocks.reduce((sum, { top1 }) => sum + (top1.length - 1) * variance(top1), 0) / freedomOf(blocks);

const freedomOf = (blocks: readonly Sample[]): number =>
  blocks.reduce((sum, { top1 }) => sum + top1.length - 1, 0);

/** Variance of the blocks together over that of others; its interval is that of F. */
const varianceRatio = (blocks: readonly Sample[], others: readonly Sample[]): Estimate => {
  const ratio = pooledVariance(blocks) / pooledVariance(others);
  const at = (share: number): number => ratio / fQuantile(share, freedomOf(blocks), freedomOf(others));
  return { value: ratio, low: at(1 - TAIL), high: at(TAIL) };
};

const mapped = ({ value, low, high }: Estimate, map: (x: number) => number): Estimate => {
  const ends = [map(low), map(high)];
  return { value: map(value), low: Math.min(...ends), high: Math.max(...ends) };
};

/** Spread of the blocks over the spread of others. */
export const spreadRatio = (blocks: readonly Sample[], others: readonly Sample[]): Estimate =>
  mapped(varianceRatio(blocks, others), Math.sqrt);

/**
 * How many times less machine time than with others a mean of the same standard error takes: the inverse ratio of variance times seconds a
 * trial. The interval is that of the variances; seconds count as known.
 */
export const efficiency = (blocks: readonly Sample[], others: readonly Sample[]): Estimate => {
  const cost = secondsOf(blocks) / secondsOf(others);
  return mapped(varianceRatio(blocks, others), (ratio) => 1 / (ratio * cost));
};

/** Mean seconds of a trial. */
export const secondsOf = (blocks: readonly Sample[]): number =>
  mean(blocks.map(({ seconds }) => mean(seconds)));

/**
 * What would be left of the spread if all seeds gave equally good networks, and only which of the test images they get right differed:
 * points. An image that a share p of the seeds gets right then adds p (1 - p).
 */
export const imageSpread = (blocks: readonly Sample[]): number => Math.sqrt(mean(blocks.map(imageVariance)));

const imageVariance = ({ correct }: Sample): number => {
  const seeds = correct.length;
  const images = correct[0]?.length ?? 0;
  let sum = 0;
  for (let i = 0; i < images; i += 1) {
    const share = correct.reduce((hits, row) => hits + (row[i] ?? 0), 0) / seeds;
    sum += (share * (1 - share) * seeds) / (seeds - 1);
  }
  return (100 / images) ** 2 * sum;
};

/**
 * Mean of the first block less that of the second, points. The interval is that of Student's t with the spread of all blocks of the
 * setting together: of two or three seeds a block's own says next to nothing.
 */
export const differenceOf = (first: Sample, second: Sample, blocks: readonly Sample[]): Estimate => {
  const value = mean(first.top1) - mean(second.top1);
  const error = Math.sqrt(pooledVariance(blocks) * (1 / first.top1.length + 1 / second.top1.length));
  const [low, high] = around(value, tCritical(2 * TAIL, freedomOf(blocks)) * error);
  return { value, low, high };
};

/** By how many standard errors the two means would differ after an hour of one core, spent on as many seeds of both as fit. */
export const errorsInAnHour = (first: Sample, second: Sample, blocks: readonly Sample[]): number => {
  const seeds = 3600 / (2 * secondsOf([first, second]));
  return Math.abs(mean(first.top1) - mean(second.top1)) / Math.sqrt((2 * pooledVariance(blocks)) / seeds);
};
