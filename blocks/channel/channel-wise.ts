/** Channel-wise convolution (ChannelNet, arXiv:1809.01330) from any number of channels to any other. */
import type { GraphBuilder, Value } from '../../harness/graph/build/builder.js';
import { divisorsNear, greatestCommonDivisor } from '../../harness/graph/channel-arithmetic.js';

import { UserError } from '../../harness/user/user-error.js';

export interface ChannelWise {
  readonly outChannels: number;
  /** Kernels that share the work, each with a stride of so many channels. */
  readonly groups: number;
  /** Channels under a kernel; for `auto` at least the stride and at most all. */
  readonly window: number | 'auto';
  readonly autoWindow: (stride: number) => number;
}

/**
 * With lambda = p / q in lowest terms there are p * groups kernels of stride q * groups, each gives C / (q * groups) channels, and
 * those of one kernel lie together. Batch norm
 * after it; the kernels are shared by all channels, so that it cannot be folded. Throws UserError, naming `id`, where the groups
 * do not divide or the window leaves channels out.
 */
export const channelWiseConv = (
  id: string,
  g: GraphBuilder,
  x: Value,
  { outChannels, groups, window, autoWindow }: ChannelWise,
): Value => {
  const channels = x.shape[0];
  const common = greatestCommonDivisor(channels, outChannels);
  if (common % groups !== 0) {
    throw new UserError(
      `${id}: ${groups} groups do not divide ${common}, the greatest common divisor of ${channels} and ${outChannels} channels.`,
      `The nearest valid numbers of groups are ${divisorsNear(common, groups).join(' and ')}.`,
    );
  }
  const channelStride = (channels / common) * groups;
  const depth =
    window === 'auto' ? Math.min(channels, Math.max(channelStride, autoWindow(channelStride))) : window;
  if (depth < channelStride || depth > channels) {
    throw new UserError(
      `${id}: a window of ${depth} does not fit ${channels} -> ${outChannels} channels in ${groups} groups.`,
      `The window moves by ${channelStride} channels: use ${channelStride} to ${channels}.`,
    );
  }
  const filters = (outChannels / common) * groups;
  return g.batchNorm('bn', channelwiseConv(g, 'conv', x, { outChannels, depth, filters }));
};

export interface ChannelwiseConv {
  readonly outChannels: number;
  /** Channels under one position of a kernel. */
  readonly depth: number;
  readonly filters: number;
}

/**
 * `filters` kernels slide along the channels, in steps such that together they give `outChannels` maps, filter by filter. The zeros
 * at the two ends differ by one at most.
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
