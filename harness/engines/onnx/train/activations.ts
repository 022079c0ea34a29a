/** Activation functions and their derivatives, elementwise. */
import type { ActivationFunction } from '../../../graph/ops.js';
import type { Tensor } from '../model.js';
import type { TensorOps } from '../tensor-ops.js';

interface Activated {
  readonly output: Tensor;
  readonly backward: (gradient: Tensor) => Tensor;
}

export const activate = (ops: TensorOps, x: Tensor, fn: ActivationFunction): Activated =>
  ACTIVATION_RULES[fn](ops, x);

const SQRT_HALF = Math.SQRT1_2;
const NORMAL_DENSITY_AT_ZERO = 1 / Math.sqrt(2 * Math.PI);

const ACTIVATION_RULES: Record<ActivationFunction, (ops: TensorOps, x: Tensor) => Activated> = {
  relu: (ops, x) => {
    const output = ops.unary('Relu', x);
    return { output, backward: (gradient) => ops.mul(gradient, ops.positive(output)) };
  },
  relu6: (ops, x) => {
    const output = clip(ops, x, 0, 6);
    return { output, backward: (gradient) => ops.mul(gradient, inside(ops, x, 0, 6)) };
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
        const slope = ops.times(ops.mul(x, inside(ops, x, -3, 3)), 1 / 6);
        return ops.mul(gradient, ops.add(gate, slope));
      },
    };
  },
  'hard-sigmoid': (ops, x) => ({
    output: hardSigmoid(ops, x),
    backward: (gradient) => ops.times(ops.mul(gradient, inside(ops, x, -3, 3)), 1 / 6),
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

/** 1 where low < x < high. */
const inside = (ops: TensorOps, x: Tensor, low: number, high: number): Tensor => {
  const above = ops.model.node('Greater', [x, ops.model.constant(low)]);
  const below = ops.model.node('Less', [x, ops.model.constant(high)]);
  return ops.float(ops.model.node('And', [above, below]));
};
