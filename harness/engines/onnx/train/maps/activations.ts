/** Activation functions and their derivatives, elementwise. */
import type { ActivationFunction } from '../../../../graph/operations/ops.js';
import type { Tensor } from '../../model.js';
import type { TensorOps } from '../../tensor-ops.js';

/** Those that the pass before can apply, since their derivative follows from their output. */
const FUSABLE = ['relu', 'relu6'] as const satisfies readonly ActivationFunction[];

export type FusableActivation = (typeof FUSABLE)[number];

export const isFusable = (fn: ActivationFunction): fn is FusableActivation =>
  FUSABLE.some((fusable) => fusable === fn);

interface Activated {
  readonly output: Tensor;
  readonly backward: (gradient: Tensor) => Tensor;
}

export const activate = (ops: TensorOps, x: Tensor, fn: ActivationFunction): Activated =>
  ACTIVATION_RULES[fn](ops, x);

/**
 * 1 where the gradient goes through, else 0, from the output. Write it with the forward pass: onnxruntime then computes it when the
 * gradient arrives, and need not keep it.
 */
export const activationMask = (ops: TensorOps, fn: FusableActivation, output: Tensor): Tensor =>
  fn === 'relu' ? ops.positive(output) : within(ops, output, [0, 6]);

/**
 * 1 where low < a < high, else 0: where the distance from the middle is less than half the range. Three passes in one place take half the
 * time of two comparisons.
 */
export const within = (ops: TensorOps, a: Tensor, [low, high]: readonly [number, number]): Tensor => {
  const half = (high - low) / 2;
  const distance = ops.unary('Abs', ops.sub(a, ops.model.constant(low + half)));
  return ops.model.node('HardSigmoid', [distance], {
    attributes: { alpha: { float: -STEEP }, beta: { float: half * STEEP } },
  });
};

/** A power of 2, so that a product with it is exact, and a distance of half the range gives exactly 0. */
const STEEP = 2 ** 60;

const SQRT_HALF = Math.SQRT1_2;
const NORMAL_DENSITY_AT_ZERO = 1 / Math.sqrt(2 * Math.PI);

const ACTIVATION_RULES: Record<ActivationFunction, (ops: TensorOps, x: Tensor) => Activated> = {
  relu: (ops, x) => {
    const output = ops.unary('Relu', x);
    const mask = activationMask(ops, 'relu', output);
    return { output, backward: (gradient) => ops.mul(gradient, mask) };
  },
  relu6: (ops, x) => {
    const output = clip(ops, x, 0, 6);
    const mask = activationMask(ops, 'relu6', output);
    return { output, backward: (gradient) => ops.mul(gradient, mask) };
  },
  /** d/dx x s = s + x s (1 - s) = s + y (1 - s). */
  silu: (ops, x) => {
    const gate = ops.unary('Sigmoid', x);
    const output = ops.mul(x, gate);
    return {
      output,
      backward: (gradient) => {
        const rest = ops.sub(ops.model.constant(1), gate);
        return ops.mul(gradient, ops.add(gate, ops.mul(output, rest)));
      },
    };
  },
  /** y = x Phi(x), d/dx = Phi(x) + x phi(x). */
  gelu: (ops, x) => {
    const erf = ops.unary('Erf', ops.times(x, SQRT_HALF));
    const cumulative = ops.times(ops.add(erf, ops.model.constant(1)), 0.5);
    return {
      output: ops.mul(x, cumulative),
      backward: (gradient) => {
        const density = ops.times(ops.unary('Exp', ops.times(ops.mul(x, x), -0.5)), NORMAL_DENSITY_AT_ZERO);
        return ops.mul(gradient, ops.add(cumulative, ops.mul(x, density)));
      },
    };
  },
  /** y = x gate, gate = clip(x / 6 + 1/2, 0, 1); d/dx = gate + x / 6 where the gate is open between its ends. */
  'hard-swish': (ops, x) => {
    const gate = hardSigmoid(ops, x);
    return {
      output: ops.mul(x, gate),
      backward: (gradient) => {
        const slope = ops.times(ops.mul(x, within(ops, x, [-3, 3])), 1 / 6);
        return ops.mul(gradient, ops.add(gate, slope));
      },
    };
  },
  'hard-sigmoid': (ops, x) => ({
    output: hardSigmoid(ops, x),
    backward: (gradient) => ops.times(ops.mul(gradient, within(ops, x, [-3, 3])), 1 / 6),
  }),
  sigmoid: (ops, x) => {
    const output = ops.unary('Sigmoid', x);
    return {
      output,
      backward: (gradient) => ops.mul(gradient, ops.mul(output, ops.sub(ops.model.constant(1), output))),
    };
  },
};

const clip = (ops: TensorOps, x: Tensor, low: number, high: number): Tensor =>
  ops.model.node('Clip', [x, ops.model.constant(low), ops.model.constant(high)]);

const hardSigmoid = (ops: TensorOps, x: Tensor): Tensor =>
  ops.model.node('HardSigmoid', [x], { attributes: { alpha: { float: 1 / 6 }, beta: { float: 0.5 } } });
