/**
 * The sum of batch-normalised linear branches of one input, y = sum_i BN_i(W_i . U), trained as one linear operator.
 *
 * Batch mean and variance of W_i . U follow from the mean m and the covariance C of U (over L' columns):
 *   mean_i = W_i m,   var_i = W_i C W_i^T (row by row)
 * and so, exactly, y = W . U + (sum_i beta_i - W m) with W = sum_i a_i W_i, a_i = gamma_i / sqrt(var_i + eps): any number of parallel
 * branches costs one operator. Backwards, with P = g U^T - sum(g) m^T for the gradient g of y:
 *   dbeta_i = sum(g),   dgamma_i = rowsum(P * W_i) / sqrt(var_i + eps),   k_i = -a_i dgamma_i / sqrt(var_i + eps)
 *   dW_i = a_i P + k_i W_i C,   dU = W^T g + Q U - (Q m + W^T sum(g) / L') with Q = sum_i W_i^T k_i W_i / L'.
 * Branches are stacked along the outputs, [groups, branches * outputs, ...], so that this algebra is written once for all of them.
 */
import type { Pair } from '../../../../graph/operations/ops.js';
import type { Tensor } from '../../model.js';
import type { TensorOps } from '../../tensor-ops.js';
import type { Lowered, TrainingContext } from '../context.js';
import type { MomentConvolution } from '../convolution/convolution.js';
import type { Piece } from '../update/state.js';
import { recordStatistics } from './running-statistics.js';

/** Branches with one kind of kernel, which is laid into the taps of the operator. */
export interface KernelStack {
  readonly kernels: Piece;
  /** [branches, ...kernel] -> [groups, branches * outputs, taps]. */
  widen(ops: TensorOps, kernels: Tensor): Tensor;
  /** The transpose of `widen`; the shape is of no account, but not the order. */
  narrow(ops: TensorOps, laid: Tensor): Tensor;
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
  const { unstacked, stacked } = stacking(ops, groups, outputs);
  const apart = (tensor: Tensor, width: number): Tensor => ops.reshape(tensor, groups, count, outputs, width);
  const sumOverBranches = (tensor: Tensor, width: number): Tensor =>
    count === 1 ? tensor : ops.sum(apart(tensor, width), 1);
  /** One value a row -> one a tap. A product with ones is faster than a broadcast over few taps. */
  const forTaps = (column: Tensor): Tensor =>
    ops.matMul(column, ops.model.constant(new Float32Array(taps).fill(1), [1, taps]));

  const kernels = ops.concat(1, [
    ...branches.stacks.map((stack) => stack.widen(ops, context.stack(stack.kernels))),
    ...(branches.identity ? [ops.model.constant(branches.identity(), [groups, outputs, taps])] : []),
  ]);
  const gamma = stacked(context.stack(branches.gammas), count, 1);
  const beta = stacked(context.stack(branches.betas), count, 1);

  const { sums, products } = operator.moments();
  const centre = ops.times(sums, 1 / length);
  const covariance = ops.sub(ops.times(products, 1 / length), ops.matMulTransB(centre, centre));
  const mean = ops.matMul(kernels, centre);
  const covered = ops.matMul(kernels, covariance);
  const variance = ops.unary('Relu', ops.sum(ops.mul(covered, kernels), 2, true));
  const epsilon = branches.epsilons.flatMap((value) => Array.from({ length: outputs }, () => value));
  const inverse = ops.inverseDeviation(variance, ops.model.constant(epsilon, [count * outputs, 1]));
  const factor = ops.mul(gamma, inverse);
  const factors = forTaps(factor);
  const weights = sumOverBranches(ops.mul(factors, kernels), taps);
  const offset = ops.sub(sumOverBranches(beta, 1), ops.matMul(weights, centre));
  const inStateOrder = (tensor: Tensor): Tensor => unstacked(tensor, count, 1);
  recordStatistics(context, branches, { mean: inStateOrder(mean), variance: inStateOrder(variance) }, length);

  return {
    output: operator.forward(weights, offset),
    backward: (gradient, [needed = true]) => {
      const gradientSum = ops.reshape(ops.sum(gradient, 1), groups, outputs, 1);
      const projections = ops.reshape(
        ops.sub(operator.weightGradient(gradient), ops.matMulTransB(gradientSum, centre)),
        groups,
        1,
        outputs,
        taps,
      );
      const factorGradient = ops.sum(ops.mul(apart(kernels, taps), projections), 3);
      const gammaGradient = ops.mul(inverse, ops.reshape(factorGradient, groups, count * outputs, 1));
      const slopes = forTaps(ops.unary('Neg', ops.mul(ops.mul(factor, inverse), gammaGradient)));
      const kernelGradient = ops.add(
        ops.reshape(ops.mul(apart(factors, taps), projections), groups, count * outputs, taps),
        ops.mul(slopes, covered),
      );

      context.setGradient(branches.gammas, inStateOrder(gammaGradient));
      const same = Array.from({ length: count }, () => gradientSum);
      context.setGradient(branches.betas, inStateOrder(ops.concat(1, same)));
      const sizes = branches.stacks.map((stack) => stack.kernels.length * outputs);
      const perStack = ops.split(kernelGradient, 1, branches.identity ? [...sizes, outputs] : sizes);
      branches.stacks.forEach((stack, i) => {
        context.setGradient(stack.kernels, stack.narrow(ops, perStack[i] ?? kernelGradient));
      });

      if (!needed) return [null];
      const matrix = ops.times(ops.matMulTransA(kernels, ops.mul(slopes, kernels)), 1 / length);
      const away = ops.add(
        ops.times(ops.matMulTransA(weights, gradientSum), 1 / length),
        ops.matMul(matrix, centre),
      );
      return [
        operator.inputGradient({
          weights,
          gradient,
          quadratic: { matrix, offset: ops.unary('Neg', away) },
        }),
      ];
    },
  };
};

/** Between values by branch, [branches, groups * outputs, width], and those side by side, [groups, branches * outputs, width]. */
export const stacking = (ops: TensorOps, groups: number, outputs: number) => {
  const turned = (tensor: Tensor, [first, second]: Pair, width: number): Tensor =>
    first === 1 || second === 1
      ? tensor
      : ops.transpose(ops.reshape(tensor, first, second, outputs, width), 1, 0, 2, 3);
  return {
    stacked: (byBranch: Tensor, branches: number, width: number): Tensor =>
      ops.reshape(turned(byBranch, [branches, groups], width), groups, branches * outputs, width),
    unstacked: (sideBySide: Tensor, branches: number, width: number): Tensor =>
      turned(sideBySide, [groups, branches], width),
  };
};
