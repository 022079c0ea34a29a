import { z } from 'zod';
import { convBn } from '../conv-bn.js';
import { defineChannelOperator } from '../define.js';

export const grouped = defineChannelOperator({
  id: 'grouped',
  summary: '1x1 convolution in groups of neighbouring channels; receptive range C / groups.',
  paper: 'Xie et al. 2017 (ResNeXt), arXiv:1611.05431',
  admits: 'Input and output channels divisible by groups.',
  options: z.strictObject({
    groups: z
      .int()
      .min(1)
      .default(2)
      .describe('Number of groups; it must divide the input and output channels.'),
  }),
  build: (g, x, { outChannels }, { groups }) => convBn(g, x, { outChannels, kernel: 1, groups }),
});
