import { z } from 'zod';
import { defineChannelOperator } from '../definition.js';
import { countOrAuto } from '../options.js';
import { channelWiseConv } from './channel-wise.js';

/** In ChannelNet it follows a grouped convolution and carries information from group to group. */
export const groupChannelwise = defineChannelOperator({
  id: 'group-channelwise',
  summary:
    'Group channel-wise convolution: as many short kernels as groups slide along the channels, each with a stride of as many.',
  paper: 'Gao et al. 2018 (ChannelNet), arXiv:1809.01330',
  admits: 'Input and output channels that groups divides.',
  options: z.strictObject({
    groups: z.int().min(1).default(2).describe('Kernels, and the stride of each.'),
    window: countOrAuto().describe(
      'Channels under a kernel; auto is four times the stride as in ChannelNet, or all where there are fewer.',
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
