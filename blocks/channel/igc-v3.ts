import { z } from 'zod';
import { UserError } from '../../harness/user-error.js';
import { defineChannelOperator } from '../definition.js';
import { hiddenNormOption, interleavedConvs } from './interleaved.js';

/**
 * The two group convolutions and the permutation of an IGC V3 block without the depthwise convolution between. Few groups: the
 * complementary condition is loose, and there are several paths from an input to an output.
 */
export const igcV3 = defineChannelOperator({
  id: 'igc-v3',
  summary:
    'Interleaved low-rank group convolutions: two grouped 1x1 in few groups with a permutation between.',
  paper: 'Sun et al. 2018 (IGC V3), arXiv:1806.00178',
  admits:
    'Each number of groups divides the channels on both sides of its convolution; their product is at most the smaller number of channels.',
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
        `igc-v3: ${first} and ${second} groups of ${hidden} channels leave outputs that do not depend on all inputs.`,
        `After ${first} groups there can be at most ${hidden / first}.`,
      );
    }
    return interleavedConvs(g, x, { outChannels, groups, hiddenNorm });
  },
});
