import type { ParameterRole } from '../../graph/parameters.js';
import type { TrainerOptions } from '../engine.js';
import { tf } from './backends/tf.js';

/**
 * One step of SGD for one parameter, as in PyTorch: g <- g + decay w (kernels only), m <- momentum m + g, and w <- w - rate m, or with
 * Nesterov w <- w - rate (g + momentum m).
 */
export const sgd = (
  role: ParameterRole,
  { optimizer, weightDecay }: TrainerOptions['recipe'],
  rate: number,
  last: { readonly value: tf.Tensor; readonly momentum: tf.Tensor; readonly gradient: tf.Tensor },
): { readonly value: tf.Tensor; readonly momentum: tf.Tensor } => {
  if (optimizer.kind !== 'sgd') throw new RangeError(`${optimizer.kind} has no rule here.`);
  const { momentum, nesterov } = optimizer;
  const decays = role === 'kernel' && weightDecay !== 0;
  const gradient = decays ? tf.add(last.gradient, tf.mul(last.value, weightDecay)) : last.gradient;
  const next = tf.add(tf.mul(last.momentum, momentum), gradient);
  const direction = nesterov ? tf.add(gradient, tf.mul(next, momentum)) : next;
  return { value: tf.sub(last.value, tf.mul(direction, rate)), momentum: next };
};
