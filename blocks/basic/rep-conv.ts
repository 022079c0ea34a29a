import type { GraphBuilder, Value } from '../../harness/graph/build/builder.js';
import { convBn, sumBranches } from '../conv-bn.js';

export interface RepConv {
  readonly outChannels: number;
  readonly kernel: number;
  readonly stride: number;
  readonly groups: number;
  /** Parallel k x k convolutions. */
  readonly branches: number;
}

/**
 * The re-parameterised convolution of RepVGG (one k x k branch) and MobileOne (several): batch norm alone where shapes allow, 1x1
 * where the kernel is larger, and `branches` of k x k, each with its own batch norm, summed. It merges into one convolution with bias.
 */
export const repConv = (
  g: GraphBuilder,
  x: Value,
  { outChannels, kernel, stride, groups, branches }: RepConv,
): Value => {
  const convolve = (name: string, side: number): Value =>
    convBn(g.scope(name), x, { outChannels, kernel: side, stride, groups });
  const identity = stride === 1 && outChannels === x.shape[0] ? [g.batchNorm('identity.bn', x)] : [];
  const point = kernel > 1 ? [convolve('point', 1)] : [];
  const first = convolve('square1', kernel);
  const rest = Array.from({ length: branches - 1 }, (_, i) => convolve(`square${i + 2}`, kernel));
  return sumBranches(g, [first, ...rest, ...point, ...identity]);
};
