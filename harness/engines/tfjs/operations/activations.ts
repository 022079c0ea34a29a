/** Activation functions from TF.js's own, which it differentiates. */
import type { ActivationFunction } from '../../../graph/operations/ops.js';
import { tf } from '../backends/tf.js';

export const activate = (x: tf.Tensor, fn: ActivationFunction): tf.Tensor => ACTIVATION_RULES[fn](x);

const hardSigmoid = (x: tf.Tensor): tf.Tensor => tf.clipByValue(tf.add(tf.mul(x, 1 / 6), 0.5), 0, 1);

/** x Phi(x), with the normal distribution from the error function. */
const gelu = (x: tf.Tensor): tf.Tensor => tf.mul(x, tf.mul(tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1), 0.5));

const ACTIVATION_RULES: Record<ActivationFunction, (x: tf.Tensor) => tf.Tensor> = {
  relu: (x) => tf.relu(x),
  relu6: (x) => tf.relu6(x),
  silu: (x) => tf.mul(x, tf.sigmoid(x)),
  gelu,
  'hard-swish': (x) => tf.mul(x, hardSigmoid(x)),
  'hard-sigmoid': hardSigmoid,
  sigmoid: (x) => tf.sigmoid(x),
};
