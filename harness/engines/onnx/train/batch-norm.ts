/** Batch normalisation by itself: statistics by row reductions, both directions as affine passes. */
import type { Parameter } from '../../../graph/parameters.js';
import { STATISTICS_MOMENTUM } from '../../engine.js';
import type { Tensor } from '../model.js';
import type { Lowered, TrainingContext } from './context.js';
import { rowDot, scaledOnto } from './row-passes.js';
import type { Piece } from './state.js';

export interface BatchNormParameters {
  readonly gamma: Parameter;
  readonly beta: Parameter;
  readonly mean: Parameter;
  readonly variance: Parameter;
  readonly epsilon: number;
}

export const batchNorm = (
  context: TrainingContext,
  norm: BatchNormParameters,
  x: Tensor,
  channels: number,
  length: number,
): Lowered => {
  const { ops } = context;
  const gamma = context.tensor(norm.gamma);
  const beta = context.tensor(norm.beta);
  const rows = { channels, length };
  const mean = ops.mean(x, 1);
  const meanSquare = ops.times(rowDot(ops, x, x, rows), 1 / length);
  const variance = ops.unary('Relu', ops.sub(meanSquare, ops.mul(mean, mean)));
  const inverse = ops.inverseDeviation(variance, ops.model.constant(norm.epsilon));
  const factor = ops.mul(gamma, inverse);
  updateStatistics(context, { means: [norm.mean], variances: [norm.variance] }, { mean, variance }, length);

  return {
    output: ops.affine(x, factor, ops.sub(beta, ops.mul(factor, mean)), channels, length),
    backward: (gradient, [needed = true]) => {
      const gradientSum = ops.sum(gradient, 1);
      const productSum = rowDot(ops, gradient, x, rows);
      const gammaGradient = ops.mul(inverse, ops.sub(productSum, ops.mul(mean, gradientSum)));
      context.setGradient([norm.gamma], gammaGradient);
      context.setGradient([norm.beta], gradientSum);
      if (!needed) return [null];
      const slope = ops.mul(ops.mul(factor, inverse), ops.times(gammaGradient, -1 / length));
      const shift = ops.sub(ops.mul(factor, ops.times(gradientSum, -1 / length)), ops.mul(slope, mean));
      const onto = ops.affine(x, slope, shift, channels, length);
      return [scaledOnto(ops, gradient, factor, onto, rows)];
    },
  };
};

/** running <- (1 - momentum) running + momentum batch, with the unbiased variance. The values lie in the order of the pieces. */
export const updateStatistics = (
  context: TrainingContext,
  running: { readonly means: Piece; readonly variances: Piece },
  batch: { readonly mean: Tensor; readonly variance: Tensor },
  length: number,
): void => {
  const { ops } = context;
  const blend = (piece: Piece, value: Tensor, correction: number): void => {
    const kept = ops.times(context.stack(piece), 1 - STATISTICS_MOMENTUM);
    const shaped = ops.reshape(value, piece.length, ...piece[0].shape);
    context.setStatistic(piece, ops.add(kept, ops.times(shaped, STATISTICS_MOMENTUM * correction)));
  };
  blend(running.means, batch.mean, 1);
  blend(running.variances, batch.variance, length / Math.max(length - 1, 1));
};
