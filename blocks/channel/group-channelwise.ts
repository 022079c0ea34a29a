import { z } from 'zod';
import { defineChannelOperator } from '../define.js';
import { countOrAuto } from '../options.js';
import { channelWiseConv } from './channel-wise.js';

/** In ChannelNet it follows a grouped convolution and carries information from group to group. */
export const groupChannelwise = defineChannelOperator({
  id: 'group-channelwise',
  summary:
    'Group channel-wise convolution: one short kernel per group slides along the channels, with a stride equal to the number of groups.',
  paper: 'Gao et al. 2018 (ChannelNet), arXiv:1809.01330',
  admits: 'Input and output channels divisible by groups.',
  options: z.strictObject({
    groups: z.int().min(1).default(2).describe('Number of kernels, and the stride of each.'),
    window: countOrAuto().describe(
      'Channels under a kernel; auto is four times the stride as in ChannelNet, or all channels if there are fewer.',
    ),
  }),
  build: (g, x, { outChannels }, { groups, window }) =>
    channelWiseConv('group-channelwise', g, x, {
      outChannels,
      groups,
      window,
      autoWindow: (stride) => 4 * stride,
    }),
});
