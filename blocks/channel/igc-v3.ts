import { z } from 'zod';
import { UserError } from '../../harness/user/user-error.js';
import { defineChannelOperator } from '../define.js';
import { hiddenNormOption, interleavedConvs } from './interleaved.js';

/**
 * The two group convolutions and the permutation of an IGC V3 block without the depthwise convolution between. Few groups: the
 * complementary condition is loose, and there are several paths from an input to an output.
 */
export const igcV3 = defineChannelOperator({
  id: 'igc-v3',
  summary:
    'Interleaved low-rank group convolutions: two 1x1 convolutions in few groups with a permutation between them.',
  paper: 'Sun et al. 2018 (IGC V3), arXiv:1806.00178',
  admits:
    'Each number of groups must divide the channels on both sides of its convolution; their product must be at most the smaller number of channels.',
  options: z.strictObject({
    groups: z
      .tuple([z.int().min(1), z.int().min(1)])
      .default([2, 2])
      .describe('Groups of the first and of the second convolution.'),
    hiddenNorm: hiddenNormOption,
  }),
  build: (g, x, { outChannels }, { groups, hiddenNorm }) => {
    const hidden = Math.min(x.shape[0], outChannels);
    const [first, second] = groups;
    if (hidden % first === 0 && first * second > hidden) {
      throw new UserError(
        `igc-v3: with ${first} and then ${second} groups of ${hidden} channels, some outputs do not depend on all inputs.`,
        `Use at most ${hidden / first} groups in the second convolution.`,
      );
    }
    return interleavedConvs(g, x, { outChannels, groups, hiddenNorm });
  },
});
