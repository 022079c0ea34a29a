import { z } from 'zod';
import { defineChannelOperator } from '../define.js';
import { balancedGroups } from './igc-plan.js';
import { hiddenNormOption, interleavedConvs } from './interleaved.js';

/**
 * The primary convolution of an IGC V1 block is 3x3; here all are 1x1, as in IGC V2, and the spatial operator stands elsewhere. V1
 * has one batch norm, after the pair (`hiddenNorm=false`).
 */
export const igc = defineChannelOperator({
  id: 'igc',
  summary:
    'Interleaved group convolutions: grouped 1x1 convolutions with permutations between them, whose product is dense; two convolutions are IGC V1, more are IGC V2.',
  paper: 'Zhang et al. 2017 (IGC V1), arXiv:1707.02725; Xie et al. 2018 (IGC V2), arXiv:1804.06202',
  admits:
    'The smaller number of channels must be a product of factors greater than 1, one per convolution, and their groups must divide the larger number.',
  formula: {
    letters: 'K₁ and K₂ are the factors of C with the fewest weights, near K₁ = 2 √C and K₂ = √C / 2.',
    valuesAt: (channels) => {
      const shape = { inChannels: channels, outChannels: 4 * channels };
      const [first = 1, second = 1] = balancedGroups('igc', shape, 2);
      return { 'K₁': channels / first, 'K₂': channels / second };
    },
    train: { params: 'C K₁ + 4 C K₂ + 10 C', macs: '(C K₁ + 4 C K₂) P' },
    deploy: { params: 'C K₁ + 4 C K₂ + 5 C', macs: '(C K₁ + 4 C K₂) P' },
  },
  options: z.strictObject({
    factors: z
      .int()
      .min(2)
      .max(6)
      .default(2)
      .describe('Number of convolutions; their groups are chosen for the fewest weights.'),
    restore: z
      .boolean()
      .default(true)
      .describe('Add a last permutation, which restores the channel order of the input.'),
    hiddenNorm: hiddenNormOption,
  }),
  build: (g, x, { outChannels }, { factors, restore, hiddenNorm }) => {
    const groups = balancedGroups('igc', { inChannels: x.shape[0], outChannels }, factors);
    const y = interleavedConvs(g, x, { outChannels, groups, hiddenNorm });
    return restore ? g.permuteChannels('restore', y, groups.at(-1) ?? 1) : y;
  },
});
