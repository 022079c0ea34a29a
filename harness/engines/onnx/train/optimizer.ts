import type { Tensor } from '../model.js';
import type { TensorOps } from '../tensor-ops.js';
import type { StateLayout } from './state.js';

interface SgdOptions {
  readonly momentum: number;
  readonly nesterov: boolean;
  readonly weightDecay: number;
}

/**
 * One step of SGD as in PyTorch: g <- g + decay w (kernels only), m <- momentum m + g, and w <- w - rate m, or with Nesterov
 * w <- w - rate (g + momentum m).
 */
export const sgd = (
  ops: TensorOps,
  layout: StateLayout,
  { momentum, nesterov, weightDecay }: SgdOptions,
  state: {
    readonly parameters: Tensor;
    readonly momenta: Tensor;
    readonly gradients: Tensor;
    readonly rate: Tensor;
  },
): { readonly parameters: Tensor; readonly momenta: Tensor } => {
  const gradients = decayed(ops, layout, weightDecay, state);
  const momenta = ops.add(ops.times(state.momenta, momentum), gradients);
  const direction = nesterov ? ops.add(gradients, ops.times(momenta, momentum)) : momenta;
  return { parameters: ops.sub(state.parameters, ops.mul(direction, state.rate)), momenta };
};

const decayed = (
  ops: TensorOps,
  { decayedCount, parameterCount }: StateLayout,
  weightDecay: number,
  { parameters, gradients }: { readonly parameters: Tensor; readonly gradients: Tensor },
): Tensor => {
  if (weightDecay === 0) return gradients;
  const decay = ops.times(ops.slice(parameters, 0, 0, decayedCount), weightDecay);
  return ops.add(gradients, ops.pad(decay, [0], [parameterCount - decayedCount]));
};
