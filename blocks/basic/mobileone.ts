import { z } from 'zod';
import { defineBlock } from '../define.js';
import { oddKernel } from '../options.js';
import type { BlockPart } from '../part.js';
import { repConv } from './rep-conv.js';

export interface MobileOneBlock {
  readonly kernel: number;
  /** Parallel convolutions of the full kernel, in the depthwise and in the pointwise half. */
  readonly branches: number;
}

/**
 * The block of MobileOne (Vasu et al. 2022, arXiv:2206.04040): depthwise, then pointwise, both over-parameterised and each with its
 * activation. Its shortcuts are batch norms inside the two halves.
 */
export const mobileOneBlock =
  ({ kernel, branches }: MobileOneBlock): BlockPart =>
  (g, x, { outChannels, stride, activation }) => {
    const [channels] = x.shape;
    const [spatial, channel] = [g.scope('spatial'), g.scope('channel')];
    const depthwise = { outChannels: channels, kernel, stride, groups: channels, branches };
    const mixed = spatial.activation('act', repConv(spatial, x, depthwise), activation);
    const pointwise = { outChannels, kernel: 1, stride: 1, groups: 1, branches };
    return channel.activation('act', repConv(channel, mixed, pointwise), activation);
  };

export const mobileone = defineBlock({
  id: 'mobileone',
  summary:
    'MobileOne block: depthwise and pointwise convolution, each the sum of several branches; one convolution each at inference.',
  paper: 'Vasu et al. 2022 (MobileOne), arXiv:2206.04040',
  mergeable: true,
  options: z.strictObject({
    kernel: oddKernel(3),
    branches: z
      .int()
      .min(1)
      .max(16)
      .default(4)
      .describe('Parallel convolutions in each half; MobileOne-S0 has 4, the larger ones 1.'),
  }),
  build: (g, x, site, options) => mobileOneBlock(options)(g, x, site),
});
