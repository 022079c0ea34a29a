/** Sine codes of positions, projected and added. */
import type { Op } from '../../../../graph/operations/ops.js';
import { positionCodes } from '../../../../graph/operations/position-codes.js';
import { parameterOfRole } from '../../../../graph/parameters.js';
import type { Tensor } from '../../model.js';
import type { Lowered, LoweringSite, TrainingContext } from '../context.js';
import { mapShape } from './map-shape.js';

/** y = x + W e + b, the same for every image: the gradient g of y is that of x; that of W is sum(g) e^T, that of b sum(g) over all pixels. */
export const addPositions = (
  context: TrainingContext,
  op: Op<'addPositions'>,
  { node, inputs: [x = ''], parameters }: LoweringSite,
): Lowered => {
  const { ops, layout } = context;
  const [channels, height, width] = mapShape(node.shape);
  const [size, count] = [height * width, 2 * op.codes];
  const [kernel, bias] = [parameterOfRole(parameters, 'kernel'), parameterOfRole(parameters, 'bias')];
  const codes = ops.model.constant(positionCodes(op, [height, width]), [count, size]);
  const images = (tensor: Tensor): Tensor =>
    ops.reshape(tensor, channels, layout.batch / layout.lanes, size, layout.lanes);
  const matrix = ops.reshape(context.tensor(kernel), channels, count);
  const added = ops.add(ops.matMul(matrix, codes), ops.reshape(context.tensor(bias), channels, 1));
  const sum = ops.add(images(x), ops.reshape(added, channels, 1, size, 1));
  return {
    output: ops.reshape(sum, channels, layout.batch * size),
    backward: (gradient) => {
      const ofPixels = ops.sum(ops.sum(images(gradient), 3), 1);
      context.setGradient([kernel], ops.matMulTransB(ofPixels, codes));
      context.setGradient([bias], ops.sum(ofPixels, 1));
      return [gradient];
    },
  };
};
