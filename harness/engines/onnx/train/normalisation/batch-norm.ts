/** Batch normalisation by itself: statistics by row reductions, both directions as affine passes. */
import type { Parameter } from '../../../../graph/parameters.js';
import type { Tensor } from '../../model.js';
import type { TrainingContext } from '../context.js';
import { activationMask, type FusableActivation } from '../maps/activations.js';
import { affine, type Rows, rowDot, scaledOnto } from './row-passes.js';
import { recordStatistics } from './running-statistics.js';

export interface BatchNormParameters {
  readonly gamma: Parameter;
  readonly beta: Parameter;
  readonly mean: Parameter;
  readonly variance: Parameter;
  readonly epsilon: number;
}

/** factor[c] rows[c, l]: what reads it multiplies by the factor where that costs least. */
export interface ScaledRows {
  readonly factor: Tensor;
  readonly rows: Tensor;
}

interface Normalised {
  readonly output: Tensor;
  /** The gradient for the input; null where it is not needed. */
  readonly backward: (gradient: Tensor, needed: boolean) => ScaledRows | null;
}

/** With the activation after it, where there is one. */
export const batchNorm = (
  context: TrainingContext,
  norm: BatchNormParameters,
  x: Tensor,
  rows: Rows,
  activation: FusableActivation | null,
): Normalised => {
  const { ops } = context;
  const { length } = rows;
  const gamma = context.tensor(norm.gamma);
  const beta = context.tensor(norm.beta);
  const mean = ops.mean(x, 1);
  const meanSquare = ops.times(rowDot(ops, x, x, rows), 1 / length);
  const variance = ops.unary('Relu', ops.sub(meanSquare, ops.mul(mean, mean)));
  const inverse = ops.inverseDeviation(variance, ops.model.constant(norm.epsilon));
  const factor = ops.mul(gamma, inverse);
  recordStatistics(context, { means: [norm.mean], variances: [norm.variance] }, { mean, variance }, length);
  const output = affine(ops, x, { factor, offset: ops.sub(beta, ops.mul(factor, mean)), activation }, rows);

  const mask = activation && activationMask(ops, activation, output);
  return {
    output,
    backward: (arriving, needed) => {
      const gradient = mask === null ? arriving : ops.mul(arriving, mask);
      const gradientSum = ops.sum(gradient, 1);
      const productSum = rowDot(ops, gradient, x, rows);
      const gammaGradient = ops.mul(inverse, ops.sub(productSum, ops.mul(mean, gradientSum)));
      context.setGradient([norm.gamma], gammaGradient);
      context.setGradient([norm.beta], gradientSum);
      if (!needed) return null;
      const slope = ops.mul(inverse, ops.times(gammaGradient, -1 / length));
      const offset = ops.sub(ops.times(gradientSum, -1 / length), ops.mul(slope, mean));
      return { factor, rows: scaledOnto(ops, x, { factor: slope, offset }, gradient, rows) };
    },
  };
};
