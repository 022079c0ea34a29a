/** Norms over values of one image, without their factor and offset. */
import { tf } from './tf.js';

/** Over the channels of every pixel. */
export const layerNorm = (x: tf.Tensor4D, epsilon: number): tf.Tensor => normalise(x, [3], epsilon);

/** Over all pixels of each group of neighbouring channels. */
export const groupNorm = (x: tf.Tensor4D, groups: number, epsilon: number): tf.Tensor => {
  const [images, height, width, channels] = x.shape;
  const apart = tf.reshape(x, [images, height * width, groups, channels / groups]);
  return tf.reshape(normalise(apart, [1, 3], epsilon), x.shape);
};

const normalise = (x: tf.Tensor, axes: number[], epsilon: number): tf.Tensor => {
  const { mean, variance } = tf.moments(x, axes, true);
  return tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, epsilon)));
};
