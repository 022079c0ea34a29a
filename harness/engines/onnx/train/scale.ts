/** A learnable factor, and perhaps an offset, for each channel or for all. */
import { type Parameter, parameterOfRole } from '../../../graph/parameters.js';
import type { Tensor } from '../model.js';
import type { Lowered, LoweringSite, TrainingContext } from './context.js';

/** y = factor x + offset of x [C, L], with C factors or one. */
export const scale = (
  context: TrainingContext,
  { inputs: [x = ''], parameters }: LoweringSite,
  bias: boolean,
): Lowered => {
  const { ops } = context;
  const factor = parameterOfRole(parameters, 'gamma');
  const offset = bias ? parameterOfRole(parameters, 'beta') : null;
  const column = (parameter: Parameter): Tensor => ops.reshape(context.tensor(parameter), parameter.size, 1);
  const setSum = (parameter: Parameter, gradient: Tensor): void => {
    const perChannel = ops.sum(gradient, 1);
    context.setGradient([parameter], parameter.size === 1 ? ops.sum(perChannel, 0) : perChannel);
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
