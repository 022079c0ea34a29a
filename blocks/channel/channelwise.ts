import { z } from 'zod';
import { defineChannelOperator } from '../define.js';
import { countOrAuto } from '../options.js';
import { channelWiseConv } from './channel-wise.js';

export const channelwise = defineChannelOperator({
  id: 'channelwise',
  summary:
    'Channel-wise convolution: one short kernel slides along the channels and is shared by all of them; receptive range at most its window.',
  paper: 'Gao et al. 2018 (ChannelNet), arXiv:1809.01330',
  options: z.strictObject({
    window: countOrAuto().describe(
      'Channels under the kernel; auto is 64 as in ChannelNet, or all channels if there are fewer.',
    ),
  }),
  build: (g, x, { outChannels }, { window }) =>
    channelWiseConv('channelwise', g, x, { outChannels, groups: 1, window, autoWindow: () => 64 }),
});
