/** Convolutions with parameters as linear maps, with the gradient of their own kernel. */
import { type Parameter, parameterOfRole } from '../../../../graph/parameters.js';
import type { Tensor } from '../../model.js';
import type { LoweringSite, TrainingContext } from '../context.js';
import { mapShape } from '../maps/map-shape.js';
import { bandOf, denseForm } from './channel-convolution.js';
import { convolution } from './choose-convolution.js';
import type { Convolution } from './convolution.js';
import { geometryOf } from './geometry.js';

export interface LinearMap {
  readonly operator: Convolution;
  /** [groups, outputs, taps] */
  readonly weights: Tensor;
  /** Takes the gradient of `weights`. */
  setGradient(gradient: Tensor): void;
}

/** Of a conv2d, whose bias is left out, or a channelConv. */
export const linearMap = (
  context: TrainingContext,
  { node, shapes, parameters }: Pick<LoweringSite, 'node' | 'shapes' | 'parameters'>,
  x: Tensor,
): LinearMap => {
  const { ops } = context;
  const { op } = node;
  const [input, output] = [mapShape(shapes[0]), mapShape(node.shape)];
  const kernel: Parameter = parameterOfRole(parameters, 'kernel');
  if (op.kind === 'conv2d') {
    const operator = convolution(ops, x, geometryOf(op, context.layout, input, output));
    return {
      operator,
      weights: ops.reshape(context.tensor(kernel), operator.groups, operator.outputs, operator.taps),
      setGradient: (gradient) => context.setGradient([kernel], ops.reshape(gradient, ...kernel.shape)),
    };
  }
  if (op.kind !== 'channelConv') throw new TypeError(`${node.path} is not a convolution.`);
  const band = bandOf(op, input[0], output[0] / op.filters);
  return {
    operator: convolution(ops, x, geometryOf(denseForm(op, output[0]), context.layout, input, output)),
    weights: band.widen(ops, context.tensor(kernel), op.filters),
    setGradient: (gradient) => {
      const own = band.narrow(ops, gradient, op.filters);
      context.setGradient([kernel], ops.reshape(own, ...kernel.shape));
    },
  };
};
