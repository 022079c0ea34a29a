import { z } from 'zod';
import { convBn } from '../conv-bn.js';
import { defineChannelOperator } from '../define.js';
import type { ChannelPart } from '../part.js';

/** Dense 1x1 convolution and batch norm. */
export const pointwiseConv: ChannelPart = (g, x, { outChannels }) => convBn(g, x, { outChannels, kernel: 1 });

export const pointwise = defineChannelOperator({
  id: 'pointwise',
  summary: 'Dense 1x1 convolution: every output channel depends on every input channel.',
  paper: 'Lin et al. 2013, arXiv:1312.4400',
  options: z.strictObject({}),
  build: (g, x, site) => pointwiseConv(g, x, site),
});
