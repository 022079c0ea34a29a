import { z } from 'zod';
import type { GraphBuilder, Value } from '../../harness/graph/build/builder.js';
import { convBn } from '../conv-bn.js';
import { defineBlock } from '../define.js';
import type { BlockPart } from '../part.js';

interface InterleavedConv {
  readonly outChannels: number;
  readonly stride: number;
  readonly partitions: number;
}

export const igcv1Block = defineBlock({
  id: 'igcv1-block',
  summary: 'IGCV1 residual block: two pairs of a grouped 3x3 and an interleaved grouped 1x1 convolution.',
  paper: 'Zhang et al. 2017 (IGCV1), arXiv:1707.02725',
  admits: 'Input and output channels divisible by partitions.',
  options: z.strictObject({
    partitions: z
      .int()
      .min(1)
      .default(4)
      .describe(
        'Groups of the 3x3 convolutions, and channels per group of the 1x1; must divide the channels.',
      ),
  }),
  build: (g, x, site, { partitions }) => igcv1ResidualBlock(partitions)(g, x, site),
});

/**
 * The residual block of IGCV1 (Zhang et al. 2017, arXiv:1707.02725): two interleaved group convolutions, the activation after
 * the first and after the sum. Where the shape changes the shortcut is a 1x1 convolution in as many groups, with norm.
 */
const igcv1ResidualBlock =
  (partitions: number): BlockPart =>
  (g, x, { outChannels, stride, activation }) => {
    const first = interleavedConv(g.scope('first'), x, { outChannels, stride, partitions });
    const hidden = g.activation('first.act', first, activation);
    const second = interleavedConv(g.scope('second'), hidden, { outChannels, stride: 1, partitions });
    const keeps = stride === 1 && x.shape[0] === outChannels;
    const projection = { outChannels, kernel: 1, stride, groups: partitions };
    const shortcut = keeps ? x : convBn(g.scope('shortcut'), x, projection);
    return g.activation('act', g.add('add', shortcut, second), activation);
  };

/** Each group of the 1x1 convolution has one channel of every group of the 3x3; one norm follows the pair. */
const interleavedConv = (
  g: GraphBuilder,
  x: Value,
  { outChannels, stride, partitions }: InterleavedConv,
): Value => {
  const primary = g.conv2d('primary', x, { outChannels, kernel: 3, stride, groups: partitions });
  const interleaved = g.permuteChannels('permute', primary, partitions);
  const groups = outChannels / partitions;
  const secondary = g.conv2d('secondary', interleaved, { outChannels, kernel: 1, groups });
  return g.batchNorm('bn', g.permuteChannels('restore', secondary, groups));
};
