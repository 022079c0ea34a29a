import { z } from 'zod';
import { convBn } from '../conv-bn.js';
import { defineChannelOperator } from '../define.js';
import { hiddenNormOption } from './interleaved.js';

/** The other way to make a 1x1 convolution cheaper: not sparse but of low rank. Every output still depends on every input. */
export const lowRank = defineChannelOperator({
  id: 'low-rank',
  summary: 'Bottleneck: two dense 1x1 convolutions through fewer channels; full receptive range, low rank.',
  paper: 'Denil et al. 2013, arXiv:1306.0543',
  options: z.strictObject({
    reduction: z
      .number()
      .min(1)
      .max(64)
      .default(4)
      .describe(
        'The smaller number of channels divided by the rank; the rank is rounded down and at least 1.',
      ),
    hiddenNorm: hiddenNormOption,
  }),
  build: (g, x, { outChannels }, { reduction, hiddenNorm }) => {
    const rank = Math.max(1, Math.floor(Math.min(x.shape[0], outChannels) / reduction));
    const first = { outChannels: rank, kernel: 1 };
    const hidden = hiddenNorm ? convBn(g.scope('reduce'), x, first) : g.conv2d('reduce.conv', x, first);
    return convBn(g.scope('restore'), hidden, { outChannels, kernel: 1 });
  },
});
