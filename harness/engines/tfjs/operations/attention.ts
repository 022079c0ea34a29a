/** What attention is made of. Maps are images x height x width x channels; its matrices images x groups x pixels x channels. */
import { channelsOfY } from '../../../graph/operations/matrix-product.js';
import type { MatrixProduct, Op } from '../../../graph/operations/ops.js';
import type { Shape } from '../../../graph/shape.js';
import { tf } from '../backends/tf.js';

type Product = (x: tf.Tensor, y: tf.Tensor) => tf.Tensor;

const PRODUCTS: Record<MatrixProduct, Product> = {
  'pixel-scores': (x, y) => tf.matMul(x, y, false, true),
  'weighted-pixels': (x, y) => tf.matMul(x, y),
  /** Channels of y x those of x: rows of the map x its channels. */
  'channel-scores': (x, y) => tf.matMul(y, x, true),
};

export const matMul = (op: Op<'matMul'>, x: tf.Tensor4D, y: tf.Tensor4D, shape: Shape): tf.Tensor => {
  const [images, height, width, channels] = y.shape;
  const own = matrices(y, channels / channelsOfY(op, [channels, height, width]));
  const met = op.shared ? tf.broadcastTo(own, [images, op.groups, height * width, channels]) : own;
  const product = PRODUCTS[op.product](matrices(x, op.groups), met);
  const [outChannels, ...size] = shape;
  return tf.reshape(tf.transpose(product, [0, 2, 1, 3]), [images, ...size, outChannels]);
};

const matrices = (x: tf.Tensor4D, groups: number): tf.Tensor => {
  const [images, height, width, channels] = x.shape;
  const apart = tf.reshape(x, [images, height * width, groups, channels / groups]);
  return tf.transpose(apart, [0, 2, 1, 3]);
};

export const linearAttention = (
  { heads, epsilon }: Op<'linearAttention'>,
  inputs: readonly tf.Tensor4D[],
): tf.Tensor => {
  const [query, key, value] = inputs;
  if (!query || !key || !value) throw new RangeError('Linear attention has three inputs.');
  const [images, height, width] = query.shape;
  const [asked, met] = [matrices(query, heads), matrices(key, heads)];
  const sums = tf.matMul(met, matrices(value, heads), true);
  const divisors = tf.add(tf.matMul(asked, tf.sum(met, 2, true), false, true), epsilon);
  const quotients = tf.div(tf.matMul(asked, sums), divisors);
  const channels = value.shape[3];
  return tf.reshape(tf.transpose(quotients, [0, 2, 1, 3]), [images, height, width, channels]);
};

/** Over the channels of a group. */
export const softmax = (x: tf.Tensor4D, groups: number): tf.Tensor => {
  const [images, height, width, channels] = x.shape;
  return tf.reshape(tf.softmax(tf.reshape(x, [images * height * width, groups, channels / groups])), x.shape);
};

/** TF.js takes the last axis alone. */
export const pixelSoftmax = (x: tf.Tensor4D): tf.Tensor => {
  const [images, height, width, channels] = x.shape;
  const rows = tf.transpose(tf.reshape(x, [images, height * width, channels]), [0, 2, 1]);
  return tf.reshape(tf.transpose(tf.softmax(rows), [0, 2, 1]), x.shape);
};

export const spaceToDepth = (x: tf.Tensor4D, size: number): tf.Tensor => {
  const [images, height, width, channels] = x.shape;
  const apart = tf.reshape(x, [images, height / size, size, width / size, size, channels]);
  const turned = tf.transpose(apart, [0, 1, 3, 2, 4, 5]);
  return tf.reshape(turned, [images, height / size, width / size, size ** 2 * channels]);
};

export const depthToSpace = (x: tf.Tensor4D, size: number): tf.Tensor => {
  const [images, height, width, channels] = x.shape;
  const apart = tf.reshape(x, [images, height, width, size, size, channels / size ** 2]);
  const turned = tf.transpose(apart, [0, 1, 3, 2, 4, 5]);
  return tf.reshape(turned, [images, height * size, width * size, channels / size ** 2]);
};
