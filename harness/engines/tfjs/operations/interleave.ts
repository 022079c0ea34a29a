import { tf } from '../backends/tf.js';

/** `step - 1` zeros between neighbours on one axis: what was at i is at step * i. */
export const interleave = (x: tf.Tensor, axis: number, step: number): tf.Tensor => {
  const length = x.shape[axis];
  if (step === 1 || length === undefined) return x;
  const inner = x.shape.slice(axis + 1).reduce((product, size) => product * size, 1);
  const followed = tf.pad(tf.reshape(x, [-1, 1, inner]), [
    [0, 0],
    [0, step - 1],
    [0, 0],
  ]);
  const whole = tf.reshape(followed, x.shape.with(axis, length * step));
  return tf.slice(
    whole,
    x.shape.map(() => 0),
    x.shape.with(axis, (length - 1) * step + 1),
  );
};
