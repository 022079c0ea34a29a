/** The running statistics of all batch norms, moved at once at the end of a step. */
import { STATISTICS_MOMENTUM } from '../../../engine.js';
import type { Tensor } from '../../model.js';
import type { TensorOps } from '../../tensor-ops.js';
import type { TrainingContext } from '../context.js';
import { joinState, type Piece, totalSize } from '../update/state.js';

/** Of one batch: its values in the order of the pieces, and how many pixels a channel has. */
export const recordStatistics = (
  context: TrainingContext,
  running: { readonly means: Piece; readonly variances: Piece },
  batch: { readonly mean: Tensor; readonly variance: Tensor },
  length: number,
): void => {
  context.setStatistic(running.means, { value: batch.mean, correction: 1 });
  // The running variance is the unbiased one.
  context.setStatistic(running.variances, {
    value: batch.variance,
    correction: length / Math.max(length - 1, 1),
  });
};

/** running <- (1 - momentum) running + momentum batch. Throws RangeError where a batch norm has recorded nothing. */
export const movedStatistics = (
  ops: TensorOps,
  pieces: readonly Piece[],
  running: Tensor,
  { statistics }: TrainingContext,
): Tensor => {
  if (pieces.length === 0) return running;
  const values = new Map([...statistics].map(([path, { value }]) => [path, value]));
  const shares = pieces.flatMap((piece) => {
    const share = STATISTICS_MOMENTUM * (statistics.get(piece[0].path)?.correction ?? 1);
    return Array.from({ length: totalSize([piece]) }, () => share);
  });
  const kept = ops.times(running, 1 - STATISTICS_MOMENTUM);
  return ops.add(kept, ops.mul(joinState(ops, pieces, values), ops.model.constant(shares)));
};
