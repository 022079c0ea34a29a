/** Norms over values of one image, without their factor and offset. */
import type { Op } from '../../../graph/operations/ops.js';
import { tf } from '../backends/tf.js';

/** Over the channels of every pixel. */
export const layerNorm = (x: tf.Tensor4D, epsilon: number): tf.Tensor => normalise(x, [3], epsilon);

/** Over all pixels of each group of neighbouring channels. */
export const groupNorm = (x: tf.Tensor4D, groups: number, epsilon: number): tf.Tensor => {
  const [images, height, width, channels] = x.shape;
  const apart = tf.reshape(x, [images, height * width, groups, channels / groups]);
  return tf.reshape(normalise(apart, [1, 3], epsilon), x.shape);
};

/** x over its L2 norm, over the channels of every pixel or the pixels of every channel. */
export const l2Norm = (x: tf.Tensor4D, { over, epsilon }: Op<'l2Norm'>): tf.Tensor => {
  const squares = tf.sum(tf.square(x), over === 'channels' ? [3] : [1, 2], true);
  // The root of zero has no slope.
  return tf.div(x, tf.sqrt(tf.maximum(squares, epsilon ** 2)));
};

const normalise = (x: tf.Tensor, axes: number[], epsilon: number): tf.Tensor => {
  const { mean, variance } = tf.moments(x, axes, true);
  return tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, epsilon)));
};
