import { z } from 'zod';
import type { GraphBuilder, Value } from '../../harness/graph/build/builder.js';
import { nearestWhere } from '../../harness/graph/channel-arithmetic.js';
import { UserError } from '../../harness/user/user-error.js';
import { type ChannelwiseConv, channelwiseConv } from '../channel/channel-wise.js';
import { defineBlock } from '../define.js';
import { countOrAuto } from '../options.js';
import type { BlockPart } from '../part.js';

/** Depthwise and channel-wise convolution, without norm and activation: as the network ends. */
export const channelwiseSeparableConv = (
  g: GraphBuilder,
  x: Value,
  { stride, ...channelwise }: ChannelwiseConv & { readonly stride: number },
): Value => {
  const [channels] = x.shape;
  const mixed = g.conv2d('depthwise.conv', x, { outChannels: channels, kernel: 3, stride, groups: channels });
  return channelwiseConv(g, 'channelwise', mixed, channelwise);
};

export const channelwiseSeparable = defineBlock({
  id: 'channelwise-separable',
  summary:
    'Depthwise separable channel-wise convolution: depthwise, then one kernel along the channels, shared by all pixels.',
  paper: 'Gao et al. 2018 (ChannelNets), arXiv:1809.01330',
  options: z.strictObject({
    depth: countOrAuto().describe(
      'Channels under one position of the kernel; auto is 64 as in ChannelNet, or all channels if there are fewer.',
    ),
  }),
  build: (g, x, site, { depth }) => channelwiseSeparableBlock(depth)(g, x, site),
});

/**
 * In ChannelNet one such layer stands before the classifier, with neither norm nor activation. In a row of them both are needed; they
 * stand where the depthwise separable convolutions of the same network have them, at the end.
 */
const channelwiseSeparableBlock =
  (chosen: number | 'auto'): BlockPart =>
  (g, x, { outChannels, stride, activation }) => {
    const [channels] = x.shape;
    const depth = chosen === 'auto' ? Math.min(64, channels) : chosen;
    const admits = (outputs: number): boolean =>
      outputs % channels === 0 || (channels % outputs === 0 && channels / outputs <= depth);
    if (!admits(outChannels)) {
      throw new UserError(
        `channelwise-separable cannot map ${channels} channels to ${outChannels} with a kernel of ${depth}.`,
        `The number of outputs must be a multiple of ${channels}, or ${channels} divided by at most ${depth}: the nearest are ${nearestWhere(outChannels, admits).join(' and ')}.`,
      );
    }
    const filters = Math.max(1, outChannels / channels);
    const y = channelwiseSeparableConv(g, x, { outChannels, depth, filters, stride });
    return g.activation('act', g.batchNorm('bn', y), activation);
  };
