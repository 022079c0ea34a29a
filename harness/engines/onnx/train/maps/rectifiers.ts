/** ReLUs whose negative side has a slope, fixed or learnable. */
import type { Parameter } from '../../../../graph/parameters.js';
import type { Tensor } from '../../model.js';
import type { TensorOps } from '../../tensor-ops.js';
import type { Lowered, TrainingContext } from '../context.js';

/** d/dx = slope + (1 - slope) [x > 0]. */
export const leakyRelu = (ops: TensorOps, x: Tensor, slope: number): Lowered => ({
  output: ops.model.node('LeakyRelu', [x], { attributes: { alpha: { float: slope } } }),
  backward: (gradient) => {
    const derivative = ops.add(ops.times(ops.positive(x), 1 - slope), ops.model.constant(slope));
    return [ops.mul(gradient, derivative)];
  },
});

/** y = relu(x) + slope min(x, 0) of x [C, L], with C slopes or one. */
export const prelu = (context: TrainingContext, x: Tensor, slope: Parameter): Lowered => {
  const { ops } = context;
  const slopes = ops.reshape(context.tensor(slope), slope.size, 1);
  const positive = ops.unary('Relu', x);
  const negative = ops.sub(x, positive);
  return {
    output: ops.add(positive, ops.mul(negative, slopes)),
    backward: (gradient, [needed = true]) => {
      const perChannel = ops.sum(ops.mul(gradient, negative), 1);
      context.setGradient([slope], slope.size === 1 ? ops.sum(perChannel, 0) : perChannel);
      if (!needed) return [null];
      const open = ops.positive(x);
      const shut = ops.sub(ops.model.constant(1), open);
      return [ops.mul(gradient, ops.add(open, ops.mul(shut, slopes)))];
    },
  };
};
