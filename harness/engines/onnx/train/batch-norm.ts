/** Batch normalisation by itself: statistics by row reductions, both directions as affine passes. */
import type { Tensor } from '../model.js';
import type { Lowered, TrainingContext } from './context.js';
import type { BatchNormParameters } from './normalised-sum.js';

/** Share of the batch's statistic in the running one, as in PyTorch. */
const STATISTICS_MOMENTUM = 0.1;

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
  const mean = ops.mean(x, 1);
  const meanSquare = ops.mean(ops.mul(x, x), 1);
  const variance = ops.unary('Relu', ops.sub(meanSquare, ops.mul(mean, mean)));
  const inverse = ops.unary(
    'Reciprocal',
    ops.unary('Sqrt', ops.add(variance, ops.model.constant(norm.epsilon))),
  );
  const factor = ops.mul(gamma, inverse);
  updateStatistics(context, norm, mean, variance, length);

  return {
    output: ops.affine(x, factor, ops.sub(beta, ops.mul(factor, mean)), channels, length),
    backward: (gradient, [needed = true]) => {
      const gradientSum = ops.sum(gradient, 1);
      const productSum = ops.sum(ops.mul(gradient, x), 1);
      const gammaGradient = ops.mul(inverse, ops.sub(productSum, ops.mul(mean, gradientSum)));
      context.setGradient(norm.gamma, gammaGradient);
      context.setGradient(norm.beta, gradientSum);
      if (!needed) return [null];
      const slope = ops.mul(ops.mul(factor, inverse), ops.times(gammaGradient, -1 / length));
      const shift = ops.sub(ops.mul(factor, ops.times(gradientSum, -1 / length)), ops.mul(slope, mean));
      const zeros = ops.model.constant(new Float32Array(channels));
      return [
        ops.add(
          ops.affine(gradient, factor, shift, channels, length),
          ops.affine(x, slope, zeros, channels, length),
        ),
      ];
    },
  };
};

/** running <- (1 - momentum) running + momentum batch, with the unbiased variance. */
export const updateStatistics = (
  context: TrainingContext,
  norm: BatchNormParameters,
  mean: Tensor,
  variance: Tensor,
  length: number,
): void => {
  const { ops } = context;
  const blend = (parameter: BatchNormParameters['mean'], batchValue: Tensor, correction: number): void => {
    const kept = ops.times(context.tensor(parameter), 1 - STATISTICS_MOMENTUM);
    const fresh = ops.times(ops.reshape(batchValue, ...parameter.shape), STATISTICS_MOMENTUM * correction);
    context.setStatistic(parameter, ops.add(kept, fresh));
  };
  blend(norm.mean, mean, 1);
  blend(norm.variance, variance, length / Math.max(length - 1, 1));
};
