import type { Tensor } from '../model.js';
import type { TensorOps } from '../tensor-ops.js';

/**
 * Mean cross-entropy of logits [classes, N] against labels, smoothed: the target is 1 - s for the label plus s / classes for
 * every class. Its gradient for the logits is (softmax - target) / N.
 */
export const crossEntropy = (
  ops: TensorOps,
  logits: Tensor,
  labels: Tensor,
  {
    classes,
    batch,
    smoothing,
  }: { readonly classes: number; readonly batch: number; readonly smoothing: number },
): { readonly loss: Tensor; readonly gradient: Tensor } => {
  const { model } = ops;
  const base = smoothing / classes;
  const targets = model.node(
    'OneHot',
    [labels, model.integers(classes), model.constant([base, 1 - smoothing + base])],
    {
      attributes: { axis: 0 },
    },
  );
  const logProbabilities = model.node('LogSoftmax', [logits], { attributes: { axis: 0 } });
  const probabilities = model.node('Softmax', [logits], { attributes: { axis: 0 } });
  const all = ops.reshape(ops.mul(targets, logProbabilities), classes * batch);
  return {
    loss: ops.times(ops.sum(all, 0), -1 / batch),
    gradient: ops.times(ops.sub(probabilities, targets), 1 / batch),
  };
};
