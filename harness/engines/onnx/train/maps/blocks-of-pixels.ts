/** Blocks of size x size pixels as channels, and back: each is the gradient of the other. */
import type { MapShape } from '../../../../graph/shape.js';
import type { Tensor } from '../../model.js';
import type { TrainingContext } from '../context.js';

/** `small` is the shape with few pixels: [size^2 C, H / size, W / size]. */
export const spaceToDepth = (
  { ops, layout: { batch, lanes } }: TrainingContext,
  x: Tensor,
  [channels, height, width]: MapShape,
  size: number,
): Tensor => {
  const blocks = batch / lanes;
  const pixels = ops.reshape(x, channels / size ** 2, blocks, height, size, width, size, lanes);
  const turned = ops.transpose(pixels, 3, 5, 0, 1, 2, 4, 6);
  return ops.reshape(turned, channels, batch * height * width);
};

/** The inverse, of the same shape. */
export const depthToSpace = (
  { ops, layout: { batch, lanes } }: TrainingContext,
  x: Tensor,
  [channels, height, width]: MapShape,
  size: number,
): Tensor => {
  const blocks = batch / lanes;
  const places = ops.reshape(x, size, size, channels / size ** 2, blocks, height, width, lanes);
  const turned = ops.transpose(places, 2, 3, 4, 0, 5, 1, 6);
  return ops.reshape(turned, channels / size ** 2, batch * height * width * size ** 2);
};
