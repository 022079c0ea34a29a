/** Convolutions that TF.js can also differentiate: without dilation, without groups, padded beforehand. */
import type { Op, Pair } from '../../../graph/operations/ops.js';
import { tf } from '../backends/tf.js';
import { interleave } from './interleave.js';
import { asMap, asVolume } from './tensors.js';

/**
 * A stored kernel [out, in / groups, height, width] as TF.js's [height, width, in / groups, out], with zeros between the
 * taps of a dilated one, which TF.js cannot differentiate otherwise.
 */
export const convolutionKernel =
  ({ dilation: [down, across] }: Op<'conv2d'>) =>
  (stored: tf.Tensor): tf.Tensor =>
    interleave(interleave(tf.transpose(asMap(stored), [2, 3, 1, 0]), 0, down), 1, across);

/** The cross-correlation of `x` with a kernel from `convolutionKernel`. */
export const convolve = (op: Op<'conv2d'>, x: tf.Tensor4D, kernel: tf.Tensor4D): tf.Tensor4D => {
  if (op.groups === 1) return convolveGroup(op, x, kernel);
  if (op.groups === x.shape[3] && op.stride[0] === op.stride[1]) return convolveDepthwise(op, x, kernel);
  if (isPointwise(op)) return multiplyGroups(op, x, kernel);
  const kernels = tf.split(kernel, op.groups, 3);
  return tf.concat(
    tf.split(x, op.groups, 3).map((group, i) => convolveGroup(op, asMap(group), asMap(kernels[i]))),
    3,
  );
};

/** A stored kernel [filters, 1, depth, height, width] as TF.js's [depth, height, width, 1, filters]. */
export const channelKernel = (stored: tf.Tensor): tf.Tensor => tf.transpose(stored, [2, 3, 4, 1, 0]);

/** Channels become the depth of a one-map volume; every filter's maps come out side by side. */
export const convolveChannels = (
  { channelPadding: [before, after], channelStride }: Op<'channelConv'>,
  x: tf.Tensor4D,
  kernel: tf.Tensor5D,
): tf.Tensor4D => {
  const padded = padAxes(x, { 3: [before, after] });
  const volume = asVolume(tf.expandDims(tf.transpose(padded, [0, 3, 1, 2]), 4));
  const maps = tf.conv3d(volume, kernel, [channelStride, 1, 1], 'valid');
  const [images, depth, height, width, filters] = maps.shape;
  return tf.reshape(tf.transpose(maps, [0, 2, 3, 4, 1]), [images, height, width, filters * depth]);
};

/** `value` on both sides of height and width. */
export const pad = (x: tf.Tensor4D, [height, width]: Pair, value = 0): tf.Tensor4D =>
  height === 0 && width === 0 ? x : padAxes(x, { 1: [height, height], 2: [width, width] }, value);

/** `value` before and after each of these axes. */
export const padAxes = (
  x: tf.Tensor4D,
  by: Readonly<Record<number, [number, number]>>,
  value = 0,
): tf.Tensor4D =>
  tf.pad(
    x,
    x.shape.map((_, axis) => by[axis] ?? [0, 0]),
    value,
  );

/** TF.js types a pair of strides as a mutable one. */
export const spread = ([height, width]: Pair): [number, number] => [height, width];

const convolveGroup = (op: Op<'conv2d'>, x: tf.Tensor4D, kernel: tf.Tensor4D): tf.Tensor4D =>
  keepsSize(op)
    ? tf.conv2d(x, kernel, spread(op.stride), 'same')
    : tf.conv2d(pad(x, op.padding), kernel, spread(op.stride), 'valid');

const convolveDepthwise = (op: Op<'conv2d'>, x: tf.Tensor4D, kernel: tf.Tensor4D): tf.Tensor4D => {
  const [height, width] = kernel.shape;
  const perChannel = asMap(tf.reshape(kernel, [height, width, op.groups, op.outChannels / op.groups]));
  return keepsSize(op)
    ? tf.depthwiseConv2d(x, perChannel, spread(op.stride), 'same')
    : tf.depthwiseConv2d(pad(x, op.padding), perChannel, spread(op.stride), 'valid');
};

/** A grouped pointwise convolution as one matrix product a group, all in one call. */
const multiplyGroups = (
  { groups, outChannels }: Op<'conv2d'>,
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
): tf.Tensor4D => {
  const [images, height, width, channels] = x.shape;
  const pixels = tf.reshape(x, [images * height * width, groups, channels / groups]);
  const weights = tf.reshape(kernel, [channels / groups, groups, outChannels / groups]);
  const product = tf.matMul(tf.transpose(pixels, [1, 0, 2]), tf.transpose(weights, [1, 0, 2]));
  return tf.reshape(tf.transpose(product, [1, 0, 2]), [images, height, width, outChannels]);
};

const isPointwise = ({ kernel, stride, padding }: Op<'conv2d'>): boolean =>
  [...kernel, ...stride].every((size) => size === 1) && padding.every((size) => size === 0);

/** Whether TF.js's `same` is this padding, as it is at stride 1 for an odd extent: it saves the pass that pads. */
const keepsSize = ({ kernel, stride, padding, dilation }: Op<'conv2d'>): boolean =>
  ([0, 1] as const).every(
    (axis) => stride[axis] === 1 && 2 * padding[axis] === dilation[axis] * (kernel[axis] - 1),
  );
