import { z } from 'zod';
import type { GraphBuilder, Value } from '../../harness/graph/build/builder.js';
import { convBn } from '../conv-bn.js';

export interface Interleaved {
  readonly outChannels: number;
  /** Of each convolution in turn. */
  readonly groups: readonly number[];
  /** A batch norm after every convolution, not only after the last. */
  readonly hiddenNorm: boolean;
}

/**
 * Grouped 1x1 convolutions `conv1`, `conv2`, ... with a permutation between: what the channels of a group have in common is dealt out
 * over the groups of the next. The channels change their number where that costs least: in the first convolution where there are
 * fewer afterwards, else in the last.
 */
export const interleavedConvs = (
  g: GraphBuilder,
  x: Value,
  { outChannels, groups, hiddenNorm }: Interleaved,
): Value => {
  const hidden = Math.min(x.shape[0], outChannels);
  return groups.reduce((y, count, i) => {
    const scope = g.scope(`conv${i + 1}`);
    if (i === groups.length - 1) return convBn(scope, y, { outChannels, kernel: 1, groups: count });
    const options = { outChannels: hidden, kernel: 1, groups: count };
    const mixed = hiddenNorm ? convBn(scope, y, options) : scope.conv2d('conv', y, options);
    return scope.permuteChannels('permute', mixed, count);
  }, x);
};

export const hiddenNormOption = z
  .boolean()
  .default(true)
  .describe('Add a batch norm after every convolution instead of only after the last.');
