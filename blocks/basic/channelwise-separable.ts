import { z } from 'zod';
import type { GraphBuilder, Value } from '../../harness/graph/builder.js';
import { UserError } from '../../harness/user-error.js';
import type { BlockPart } from '../define.js';
import { defineBlock } from '../definition.js';

export interface ChannelwiseConv {
  readonly outChannels: number;
  /** Channels under one position of a kernel. */
  readonly depth: number;
  readonly filters: number;
}

/**
 * Channel-wise convolution of ChannelNet (Gao et al. 2018, arXiv:1809.01330): `filters` kernels slide along the channels, in steps
 * such that together they give `outChannels` maps, filter by filter. The zeros at the two ends differ by one at most.
 */
export const channelwiseConv = (
  g: GraphBuilder,
  name: string,
  x: Value,
  { outChannels, depth, filters }: ChannelwiseConv,
): Value => {
  const channelStride = (x.shape[0] * filters) / outChannels;
  const padding = depth - channelStride;
  const before = Math.floor(padding / 2);
  return g.channelConv(name, x, {
    filters,
    kernel: [depth, 1, 1],
    channelStride,
    channelPadding: [before, padding - before],
  });
};

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
    'Depthwise separable channel-wise convolution: depthwise, then one kernel along the channels that all pixels share.',
  paper: 'Gao et al. 2018 (ChannelNets), arXiv:1809.01330',
  options: z.strictObject({
    depth: z.int().min(1).max(4096).default(64).describe('Channels under one position of the kernel.'),
  }),
  build: (g, x, site, { depth }) => channelwiseSeparableBlock(depth)(g, x, site),
});

/**
 * In ChannelNet one such layer stands before the classifier, with neither norm nor activation. In a row of them both are needed; they
 * stand where the depthwise separable convolutions of the same network have them, at the end.
 */
const channelwiseSeparableBlock =
  (depth: number): BlockPart =>
  (g, x, { outChannels, stride, activation }) => {
    const [channels] = x.shape;
    const filters = Math.max(1, outChannels / channels);
    const steps = Math.max(1, channels / outChannels);
    if (!Number.isInteger(filters) || !Number.isInteger(steps) || steps > depth) {
      throw new UserError(
        `channelwise-separable cannot give ${outChannels} channels for ${channels} with kernels of ${depth}.`,
        `The output is a multiple of ${channels}, or ${channels} divided by at most ${depth}.`,
      );
    }
    const y = channelwiseSeparableConv(g, x, { outChannels, depth, filters, stride });
    return g.activation('act', g.batchNorm('bn', y), activation);
  };
