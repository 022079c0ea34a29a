import { z } from 'zod';
import { convBn } from '../conv-bn.js';
import { defineChannelOperator } from '../define.js';

/**
 * The grouped convolution of ShuffleNet and the shuffle after it, by as many groups: every group of the next operator then sees
 * channels of all groups of this one. One alone still has the receptive range of its groups.
 */
export const shuffled = defineChannelOperator({
  id: 'shuffled',
  summary:
    '1x1 convolution in groups, then a channel shuffle; receptive range C / groups, full after two such layers.',
  paper: 'Zhang et al. 2017 (ShuffleNet), arXiv:1707.01083',
  admits: 'Input and output channels divisible by groups.',
  options: z.strictObject({
    groups: z
      .int()
      .min(1)
      .default(2)
      .describe('Number of groups; it must divide the input and output channels.'),
  }),
  build: (g, x, { outChannels }, { groups }) =>
    g.permuteChannels('shuffle', convBn(g, x, { outChannels, kernel: 1, groups }), groups),
});
