import { asMap } from './tensors.js';
import { tf } from './tf.js';

/** `step - 1` zeros between neighbours on one axis: what was at i is at step * i. */
export const interleave = (x: tf.Tensor4D, axis: 0 | 1 | 2, step: number): tf.Tensor4D => {
  if (step === 1) return x;
  const resized = (length: number): number[] => x.shape.with(axis, length);
  const inner = x.shape.slice(axis + 1).reduce((product, size) => product * size, 1);
  const followed = tf.pad(tf.reshape(x, [-1, 1, inner]), [
    [0, 0],
    [0, step - 1],
    [0, 0],
  ]);
  const whole = tf.reshape(followed, resized(x.shape[axis] * step));
  return asMap(tf.slice(whole, [0, 0, 0, 0], resized((x.shape[axis] - 1) * step + 1)));
};
