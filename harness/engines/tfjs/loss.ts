import { tf } from './backends/tf.js';

/**
 * Mean cross-entropy of logits [N, classes] against labels, smoothed: the target is 1 - s for the label plus s / classes for every
 * class.
 */
export const crossEntropy = (logits: tf.Tensor, labels: tf.Tensor1D, smoothing: number): tf.Scalar => {
  const classes = logits.shape[1] ?? 1;
  // The wasm backend writes integers whatever type is asked for.
  const chosen = tf.cast(tf.oneHot(labels, classes), 'float32');
  const targets = tf.add(tf.mul(chosen, 1 - smoothing), smoothing / classes);
  const surprise = tf.sub(tf.logSumExp(logits, 1, true), logits);
  return tf.mean(tf.sum(tf.mul(targets, surprise), 1));
};
