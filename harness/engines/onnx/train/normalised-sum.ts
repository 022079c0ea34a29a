/**
 * The sum of batch-normalised linear branches of one input, y = sum_i BN_i(W_i . U), trained as one linear operator.
 *
 * Batch mean and variance of W_i . U follow from the sums m and the second moments S of U (over L' columns):
 *   mean_i = W_i m / L',   var_i = W_i S W_i^T / L' - mean_i^2   (row by row)
 * and so, exactly, y = (sum_i a_i W_i) . U + sum_i b_i with a_i = gamma_i / sqrt(var_i + eps), b_i = beta_i - a_i mean_i:
 * any number of parallel branches costs one operator. Backwards, with P = g U^T and s = sum(g) for the gradient g of y:
 *   dbeta_i = s,   dgamma_i = (rowsum(P * W_i) - mean_i s) / sqrt(var_i + eps)
 *   k_i = -a_i dgamma_i / (sqrt(var_i + eps) L'),   c_i = -a_i s / L' - k_i mean_i
 *   dW_i = a_i P + k_i W_i S + c_i m^T,   dU = (sum_i a_i W_i)^T g + (sum_i W_i^T k_i W_i) U + sum_i W_i^T c_i.
 * Branches are stacked along the outputs, so that the small algebra is written once for all of them.
 */
import type { Parameter } from '../../../graph/parameters.js';
import type { Tensor } from '../model.js';
import { updateStatistics } from './batch-norm.js';
import type { Lowered, TrainingContext } from './context.js';
import type { Convolution } from './convolution.js';

export interface BatchNormParameters {
  readonly gamma: Parameter;
  readonly beta: Parameter;
  readonly mean: Parameter;
  readonly variance: Parameter;
  readonly epsilon: number;
}

export interface Branch {
  readonly norm: BatchNormParameters;
  /** The branch's kernel and how it lies in the operator's taps; null for a branch that is a batch norm of the input itself. */
  readonly kernel: {
    readonly parameter: Parameter;
    readonly embedding: Float32Array;
    readonly ownTaps: number;
  } | null;
}

/** Where each branch's kernel lies: `embedding` is [own taps, operator taps] in 0/1. `identity` is the kernel [groups, outputs, taps] of y = x. */
export const normalisedSum = (
  context: TrainingContext,
  operator: Convolution,
  branches: readonly Branch[],
  identity: () => Float32Array,
  length: number,
): Lowered => {
  const { ops } = context;
  const { groups, outputs, taps } = operator;
  const stackedOutputs = branches.length * outputs;
  const stack = (tensors: readonly Tensor[], width: number): Tensor =>
    ops.concat(
      1,
      tensors.map((tensor) => ops.reshape(tensor, groups, outputs, width)),
    );
  const unstack = (tensor: Tensor): readonly Tensor[] =>
    ops.split(
      tensor,
      1,
      branches.map(() => outputs),
    );
  const sumOverBranches = (tensor: Tensor, width: number): Tensor =>
    branches.length === 1 ? tensor : ops.sum(ops.reshape(tensor, groups, branches.length, outputs, width), 1);

  const kernels = stack(
    branches.map(({ kernel }) => {
      if (!kernel) return ops.model.constant(identity(), [groups, outputs, taps]);
      const own = ops.reshape(context.tensor(kernel.parameter), groups * outputs, kernel.ownTaps);
      return kernel.ownTaps === taps
        ? own
        : ops.matMul(own, embeddingOf(ops.model, kernel.embedding, kernel.ownTaps, taps));
    }),
    taps,
  );
  const gamma = stack(
    branches.map(({ norm }) => context.tensor(norm.gamma)),
    1,
  );
  const beta = stack(
    branches.map(({ norm }) => context.tensor(norm.beta)),
    1,
  );

  const { sums, products } = operator.moments();
  const centre = ops.times(sums, 1 / length);
  const covariance = ops.sub(ops.times(products, 1 / length), ops.matMulTransB(centre, centre));
  const mean = ops.matMul(kernels, centre);
  const spread = ops.sum(ops.mul(ops.matMul(kernels, covariance), kernels), 2, true);
  const variance = ops.unary('Relu', spread);
  const epsilon = ops.model.constant(
    Float32Array.from(
      { length: stackedOutputs },
      (_, i) => branches[Math.floor(i / outputs)]?.norm.epsilon ?? 0,
    ),
    [stackedOutputs, 1],
  );
  const inverse = ops.unary('Reciprocal', ops.unary('Sqrt', ops.add(variance, epsilon)));
  const factor = ops.mul(gamma, inverse);
  const weights = sumOverBranches(ops.mul(factor, kernels), taps);
  const offset = sumOverBranches(ops.sub(beta, ops.mul(factor, mean)), 1);

  const means = unstack(mean);
  const variances = unstack(variance);
  branches.forEach(({ norm }, i) => {
    updateStatistics(context, norm, means[i] ?? mean, variances[i] ?? variance, length);
  });

  return {
    output: operator.forward(weights, offset),
    backward: (gradient, [needed = true]) => {
      const perWeight = operator.weightGradient(gradient);
      const perOutput = ops.reshape(ops.sum(gradient, 1), groups, outputs, 1);
      const repeated = (tensor: Tensor): Tensor =>
        ops.concat(
          1,
          branches.map(() => tensor),
        );
      const projections = repeated(perWeight);
      const gradientSum = repeated(perOutput);
      const gammaGradient = ops.mul(
        inverse,
        ops.sub(ops.sum(ops.mul(projections, kernels), 2, true), ops.mul(mean, gradientSum)),
      );
      const slope = ops.mul(ops.mul(factor, inverse), ops.times(gammaGradient, -1 / length));
      const shift = ops.sub(ops.mul(factor, ops.times(gradientSum, -1 / length)), ops.mul(slope, mean));
      const kernelGradient = ops.add(
        ops.add(ops.mul(factor, projections), ops.mul(slope, ops.matMul(kernels, products))),
        ops.matMulTransB(shift, sums),
      );

      const gammaGradients = unstack(gammaGradient);
      const kernelGradients = unstack(kernelGradient);
      branches.forEach(({ norm, kernel }, i) => {
        context.setGradient(norm.gamma, ops.reshape(gammaGradients[i] ?? gammaGradient, ...norm.gamma.shape));
        context.setGradient(norm.beta, ops.reshape(perOutput, ...norm.beta.shape));
        if (!kernel) return;
        const full = ops.reshape(kernelGradients[i] ?? kernelGradient, groups * outputs, taps);
        const own =
          kernel.ownTaps === taps
            ? full
            : ops.matMulTransB(full, embeddingOf(ops.model, kernel.embedding, kernel.ownTaps, taps));
        context.setGradient(kernel.parameter, ops.reshape(own, ...kernel.parameter.shape));
      });

      if (!needed) return [null];
      const quadratic = {
        matrix: ops.matMulTransA(kernels, ops.mul(slope, kernels)),
        offset: ops.matMulTransA(kernels, shift),
      };
      return [operator.inputGradient({ weights, gradient, quadratic })];
    },
  };
};

const embeddingOf = (
  model: { constant(v: Float32Array, s: readonly number[]): Tensor },
  values: Float32Array,
  own: number,
  taps: number,
): Tensor => model.constant(values, [own, taps]);
