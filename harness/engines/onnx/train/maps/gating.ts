/** A map times one factor for every channel of every image, as squeeze-and-excitation has it. */
import type { Pair } from '../../../../graph/operations/ops.js';
import { elementCount, type MapShape } from '../../../../graph/shape.js';
import type { Tensor } from '../../model.js';
import type { Lowered, TrainingContext } from '../context.js';
import { blockedConvolution } from '../convolution/blocked.js';

/** Values [C, N H W], factors [C, N]. */
export const gate = (
  { ops, layout: { batch, lanes } }: TrainingContext,
  values: Tensor,
  factors: Tensor,
  [channels, height, width]: MapShape,
): Lowered => {
  const map: Pair = [height, width];
  const size = elementCount(map);
  const together = (tensor: Tensor): Tensor => ops.reshape(tensor, channels, batch * size);
  if (ops.block === lanes) {
    // A factor is a kernel of one tap for its image, and its gradient the sum over a map of products: both are convolutions.
    const site = { channels: channels * batch, input: map };
    const times = (tensor: Tensor): Tensor =>
      together(blockedConvolution(ops, tensor, factors, { ...site, kernel: [1, 1] }));
    return {
      output: times(values),
      backward: (gradient) => {
        const met = blockedConvolution(ops, gradient, values, { ...site, kernel: map });
        return [times(gradient), ops.reshape(met, channels, batch)];
      },
    };
  }
  const apart = (tensor: Tensor): Tensor => ops.reshape(tensor, channels, batch / lanes, size, lanes);
  const times = (tensor: Tensor): Tensor =>
    together(ops.mul(apart(tensor), ops.reshape(factors, channels, batch / lanes, 1, lanes)));
  return {
    output: times(values),
    backward: (gradient) => [
      times(gradient),
      ops.reshape(ops.sum(ops.mul(apart(gradient), apart(values)), 2), channels, batch),
    ],
  };
};
