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
 * Branches are stacked along the outputs, [groups, branches * outputs, ...], so that this algebra is written once for all of them.
 */
import type { Tensor } from '../model.js';
import { updateStatistics } from './batch-norm.js';
import type { Lowered, TrainingContext } from './context.js';
import type { MomentConvolution } from './convolution.js';
import type { Piece } from './state.js';

/** Branches whose kernels have one shape. */
export interface KernelStack {
  readonly kernels: Piece;
  readonly ownTaps: number;
  /** [own taps, operator taps] in 0/1: where the kernel lies in the operator's taps. */
  readonly embedding: () => Float32Array;
}

export interface NormalisedBranches {
  /** In the order of the branches: first those of the stacks, then, where there is one, the batch norm of the input itself. */
  readonly stacks: readonly KernelStack[];
  /** The kernel [groups, outputs, taps] of y = x where the input itself is a branch. */
  readonly identity: (() => Float32Array) | null;
  readonly gammas: Piece;
  readonly betas: Piece;
  readonly means: Piece;
  readonly variances: Piece;
  readonly epsilons: readonly number[];
}

export const normalisedSum = (
  context: TrainingContext,
  operator: MomentConvolution,
  branches: NormalisedBranches,
  length: number,
): Lowered => {
  const { ops } = context;
  const { groups, outputs, taps } = operator;
  const count = branches.gammas.length;
  const stacking = new Stacking(context, groups, outputs);
  const sumOverBranches = (tensor: Tensor, width: number): Tensor =>
    count === 1 ? tensor : ops.sum(ops.reshape(tensor, groups, count, outputs, width), 1);
  const repeated = (tensor: Tensor): Tensor =>
    ops.concat(
      1,
      Array.from({ length: count }, () => tensor),
    );
  const embeddingOf = ({ embedding, ownTaps }: KernelStack): Tensor =>
    ops.model.constant(embedding(), [ownTaps, taps]);

  const kernels = ops.concat(1, [
    ...branches.stacks.map((stack) => {
      const own = stacking.from(stack.kernels, stack.ownTaps);
      return stack.ownTaps === taps ? own : ops.matMul(own, embeddingOf(stack));
    }),
    ...(branches.identity ? [ops.model.constant(branches.identity(), [groups, outputs, taps])] : []),
  ]);
  const gamma = stacking.from(branches.gammas, 1);
  const beta = stacking.from(branches.betas, 1);

  const { sums, products } = operator.moments();
  const centre = ops.times(sums, 1 / length);
  const covariance = ops.sub(ops.times(products, 1 / length), ops.matMulTransB(centre, centre));
  const mean = ops.matMul(kernels, centre);
  const variance = ops.unary('Relu', ops.sum(ops.mul(ops.matMul(kernels, covariance), kernels), 2, true));
  const epsilon = branches.epsilons.flatMap((value) => Array.from({ length: outputs }, () => value));
  const inverse = ops.inverseDeviation(variance, ops.model.constant(epsilon, [count * outputs, 1]));
  const factor = ops.mul(gamma, inverse);
  const weights = sumOverBranches(ops.mul(factor, kernels), taps);
  const offset = sumOverBranches(ops.sub(beta, ops.mul(factor, mean)), 1);
  const inStateOrder = (tensor: Tensor): Tensor => stacking.to(tensor, count, 1);
  updateStatistics(context, branches, { mean: inStateOrder(mean), variance: inStateOrder(variance) }, length);

  return {
    output: operator.forward(weights, offset),
    backward: (gradient, [needed = true]) => {
      const projections = repeated(operator.weightGradient(gradient));
      const gradientSum = repeated(ops.reshape(ops.sum(gradient, 1), groups, outputs, 1));
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

      context.setGradient(branches.gammas, inStateOrder(gammaGradient));
      context.setGradient(branches.betas, inStateOrder(gradientSum));
      const sizes = branches.stacks.map((stack) => stack.kernels.length * outputs);
      const perStack = ops.split(kernelGradient, 1, branches.identity ? [...sizes, outputs] : sizes);
      branches.stacks.forEach((stack, i) => {
        const full = perStack[i] ?? kernelGradient;
        const own = stack.ownTaps === taps ? full : ops.matMulTransB(full, embeddingOf(stack));
        context.setGradient(stack.kernels, stacking.to(own, stack.kernels.length, stack.ownTaps));
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

/** Between a piece of the state, [branches, groups * outputs, width], and the stacked [groups, branches * outputs, width]. */
class Stacking {
  constructor(
    private readonly context: TrainingContext,
    private readonly groups: number,
    private readonly outputs: number,
  ) {}

  from(piece: Piece, width: number): Tensor {
    const { ops } = this.context;
    const inner = ops.reshape(this.context.stack(piece), piece.length, this.groups, this.outputs, width);
    const outer = this.groups === 1 || piece.length === 1 ? inner : ops.transpose(inner, 1, 0, 2, 3);
    return ops.reshape(outer, this.groups, piece.length * this.outputs, width);
  }

  to(stacked: Tensor, count: number, width: number): Tensor {
    const { ops } = this.context;
    if (this.groups === 1 || count === 1) return stacked;
    return ops.transpose(ops.reshape(stacked, this.groups, count, this.outputs, width), 1, 0, 2, 3);
  }
}
