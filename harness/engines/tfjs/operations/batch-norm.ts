/** Batch normalisation by the batch's own statistics, differentiated in two ways. */

import { tf } from '../backends/tf.js';
import { asMap, asVector } from './tensors.js';

interface NormalisedBatch {
  readonly output: tf.Tensor4D;
  readonly mean: tf.Tensor1D;
  /** Biased: the mean square over all images and pixels of a channel. */
  readonly variance: tf.Tensor1D;
}

export type NormaliseBatch = (
  x: tf.Tensor4D,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  epsilon: number,
) => NormalisedBatch;

const IMAGES_AND_PIXELS = [0, 1, 2];

/** TF.js differentiates by itself, through the statistics. */
export const normaliseByParts: NormaliseBatch = (x, gamma, beta, epsilon) => {
  const { mean, variance } = statistics(x);
  return { output: tf.batchNorm4d(x, mean, variance, beta, gamma, epsilon), mean, variance };
};

/**
 * The same with a gradient in closed form, which passes over the map less often. With s = 1 / sqrt(variance + epsilon) and sums
 * over the L values of a channel: d beta = sum(g), d gamma = s (sum(g x) - mean d beta), and
 * d x = gamma s (g - (d beta + s (x - mean) d gamma) / L), which is affine in g and in x.
 */
export const normaliseInClosedForm: NormaliseBatch = (x, gamma, beta, epsilon) => {
  const { mean, variance } = statistics(x);
  const normalise = tf.customGrad((...args) => {
    const save = args.at(-1);
    if (typeof save !== 'function')
      throw new TypeError('TF.js passes what saves tensors as the last argument.');
    const inverse = tf.rsqrt(tf.add(variance, epsilon));
    save([x, gamma, mean, inverse]);
    return {
      value: tf.batchNorm4d(x, mean, variance, beta, gamma, epsilon),
      gradFunc: (gradient: tf.Tensor, saved) => closedForm(gradient, saved),
    };
  });
  return { output: asMap(normalise(x, gamma, beta)), mean, variance };
};

const closedForm = (gradient: tf.Tensor, [x, gamma, mean, inverse]: readonly tf.Tensor[]): tf.Tensor[] => {
  if (!x || !gamma || !mean || !inverse) throw new RangeError('TF.js lost the tensors of a batch norm.');
  const length = x.size / mean.size;
  const betaGradient = tf.sum(gradient, IMAGES_AND_PIXELS);
  const productSum = tf.sum(tf.mul(gradient, x), IMAGES_AND_PIXELS);
  const gammaGradient = tf.mul(inverse, tf.sub(productSum, tf.mul(mean, betaGradient)));
  const factor = tf.mul(gamma, inverse);
  const slope = tf.mul(tf.mul(factor, inverse), tf.mul(gammaGradient, -1 / length));
  const offset = tf.sub(tf.mul(factor, tf.mul(betaGradient, -1 / length)), tf.mul(slope, mean));
  const inputGradient = tf.add(tf.add(tf.mul(gradient, factor), tf.mul(x, slope)), offset);
  return [inputGradient, gammaGradient, betaGradient];
};

const statistics = (x: tf.Tensor4D): { readonly mean: tf.Tensor1D; readonly variance: tf.Tensor1D } => {
  const { mean, variance } = tf.moments(x, IMAGES_AND_PIXELS);
  return { mean: asVector(mean), variance: asVector(variance) };
};
