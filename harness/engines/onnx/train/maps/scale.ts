/** A learnable factor, and perhaps an offset, for each channel or for groups of them. */
import { type Parameter, parameterOfRole } from '../../../../graph/parameters.js';
import type { Tensor } from '../../model.js';
import type { Lowered, LoweringSite, TrainingContext } from '../context.js';

/** y = factor x + offset of x [C, L], with a factor for each group of neighbouring channels: C of them, or fewer. */
export const scale = (
  context: TrainingContext,
  { node, inputs: [x = ''], parameters }: LoweringSite,
  bias: boolean,
): Lowered => {
  const { ops } = context;
  const factor = parameterOfRole(parameters, 'gamma');
  const offset = bias ? parameterOfRole(parameters, 'beta') : null;
  const [channels] = node.shape;
  const groups = factor.size;
  const column = (parameter: Parameter): Tensor => {
    const values = ops.reshape(context.tensor(parameter), groups, 1);
    if (groups === 1 || groups === channels) return values;
    return ops.reshape(ops.repeat(values, groups, channels / groups), channels, 1);
  };
  const setSum = (parameter: Parameter, gradient: Tensor): void => {
    const perChannel = ops.sum(gradient, 1);
    const perGroup = ops.reshape(perChannel, groups, channels / groups);
    context.setGradient([parameter], groups === channels ? perChannel : ops.sum(perGroup, 1));
  };
  const scaled = ops.mul(x, column(factor));
  return {
    output: offset ? ops.add(scaled, column(offset)) : scaled,
    backward: (gradient) => {
      setSum(factor, ops.mul(gradient, x));
      if (offset) setSum(offset, gradient);
      return [ops.mul(gradient, column(factor))];
    },
  };
};
