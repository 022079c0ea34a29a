/** An estimate that can tell its uncertainty at any confidence: what verdicts, families and predictions are made from. */
import tQuantile from '@stdlib/stats-base-dists-t-quantile';
import { mean, trimmedAtEnds, trimmedMean, variance, winsorised } from './sample.js';

/** Ends of an interval, in the unit of what it is about. */
export type Interval = readonly [low: number, high: number];

export interface Inference {
  readonly value: number;
  /** Contains the truth with probability 1 - alpha. Never narrower at a smaller alpha. */
  readonly interval: (alpha: number) => Interval;
  /** What was drawn anew: seeds or sessions. Of one unit nothing is known about the variance between units. */
  readonly units: number;
  /** What so many units, two or more, would probably give; null where there is one. */
  readonly predict: ((units: number, alpha: number) => Prediction) | null;
}

export interface Prediction {
  readonly standardError: number;
  /** Half the width of the interval. */
  readonly halfWidth: number;
}

/** 95 % intervals, unless a family asks for more. */
export const ALPHA = 0.05;

const quantiles = new Map<number, Map<number, number>>();

/** The two-sided critical value of Student's t. All pairs of a family ask for the same few. */
export const tCritical = (alpha: number, degreesOfFreedom: number): number => {
  const ofAlpha = quantiles.get(alpha) ?? new Map<number, number>();
  quantiles.set(alpha, ofAlpha);
  const known = ofAlpha.get(degreesOfFreedom) ?? tQuantile(1 - alpha / 2, degreesOfFreedom);
  ofAlpha.set(degreesOfFreedom, known);
  return known;
};

/**
 * The mean of independent values: mean +- t(n - 1) s / sqrt(n) (Student 1908). Throws RangeError where there are fewer than two.
 */
export const meanInference = (values: readonly number[]): Inference => {
  const value = mean(values);
  const spread = Math.sqrt(variance(values));
  const predict = (units: number, alpha: number): Prediction => {
    const standardError = spread / Math.sqrt(units);
    return { standardError, halfWidth: tCritical(alpha, units - 1) * standardError };
  };
  return {
    value,
    interval: (alpha) => around(value, predict(values.length, alpha).halfWidth),
    units: values.length,
    predict,
  };
};

/**
 * The trimmed mean of independent values, of which some may be far off: with the standard error of the winsorised values and Student's
 * t of as many degrees of freedom as values are left, less one (Tukey and McLaughlin 1963). Throws RangeError where there are fewer
 * than two.
 *
 * Of so few values that t is too small, the more so the smaller alpha: at 6 to 24 normal values and alphas from 0.05 to 0.001 by up
 * to a share of 3 g / k^2, found by simulation, where g values are trimmed at either end and k are left. The half-width is that much
 * wider.
 */
export const trimmedInference = (values: readonly number[]): Inference => {
  const value = trimmedMean(values);
  const spread = Math.sqrt(variance(winsorised(values)));
  const predict = (units: number, alpha: number): Prediction => {
    const trimmed = trimmedAtEnds(units);
    const left = units - 2 * trimmed;
    const standardError = spread * Math.sqrt((units - 1) / (left * (left - 1)));
    const widening = 1 + (3 * trimmed) / left ** 2;
    return { standardError, halfWidth: widening * tCritical(alpha, left - 1) * standardError };
  };
  return {
    value,
    interval: (alpha) => around(value, predict(values.length, alpha).halfWidth),
    units: values.length,
    predict,
  };
};

export const around = (value: number, halfWidth: number): Interval => [value - halfWidth, value + halfWidth];
