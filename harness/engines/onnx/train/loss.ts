import type { Tensor } from '../model.js';
import type { TensorOps } from '../tensor-ops.js';

/** Where images are mixtures: the labels of the second images [N], and the shares of the first [N]. */
export interface Mixture {
  readonly labels: Tensor;
  readonly shares: Tensor;
}

/**
 * Mean cross-entropy of logits [classes, N] against labels, smoothed: the target is 1 - s for the label plus s / classes for
 * every class; that of a mixture is mixed from the targets of both labels. Its gradient for the logits is (softmax - target) / N.
 */
export const crossEntropy = (
  ops: TensorOps,
  logits: Tensor,
  labels: Tensor,
  {
    classes,
    batch,
    smoothing,
    mixture,
  }: {
    readonly classes: number;
    readonly batch: number;
    readonly smoothing: number;
    readonly mixture: Mixture | null;
  },
): { readonly loss: Tensor; readonly gradient: Tensor } => {
  const { model } = ops;
  const base = smoothing / classes;
  const targetsOf = (chosen: Tensor): Tensor =>
    model.node('OneHot', [chosen, model.integers(classes), model.constant([base, 1 - smoothing + base])], {
      attributes: { axis: 0 },
    });
  const own = targetsOf(labels);
  const targets = mixture === null ? own : mixed(ops, own, targetsOf(mixture.labels), mixture.shares);
  const logProbabilities = model.node('LogSoftmax', [logits], { attributes: { axis: 0 } });
  const probabilities = model.node('Softmax', [logits], { attributes: { axis: 0 } });
  const all = ops.reshape(ops.mul(targets, logProbabilities), classes * batch);
  return {
    loss: ops.times(ops.sum(all, 0), -1 / batch),
    gradient: ops.times(ops.sub(probabilities, targets), 1 / batch),
  };
};

/** second + share (first - second) */
const mixed = (ops: TensorOps, first: Tensor, second: Tensor, shares: Tensor): Tensor =>
  ops.add(second, ops.mul(ops.sub(first, second), shares));
