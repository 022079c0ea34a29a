import { z } from 'zod';
import { convBn } from '../conv-bn.js';
import { defineChannelOperator } from '../define.js';
import { countOrAuto } from '../options.js';
import type { LetteredFormula } from '../part.js';
import { planSf } from './sf-plan.js';

/** Options that SF Conv and RefCO share. */
export const sfOptions = {
  reduction: z.int().min(1).default(2).describe('R: the hidden layer has C / R channels.'),
  kernel: countOrAuto().describe(
    'K, channels under one position of the first convolution; auto takes the valid K with the fewest weights, the smaller on a tie.',
  ),
  interleave: z
    .boolean()
    .default(false)
    .describe('Restore the interleaved (position-major) channel order after the second convolution.'),
};

/** Of SF Conv and RefCO, whose shapes are the same. */
export const SF_ADMITS =
  'K divides the input channels, reduction divides K, and K / reduction divides the output channels; auto finds such a K if one exists.';

/** Costs of SF Conv, and of what RefCO becomes at inference, from C to 4C channels at reduction 2. */
export const SF_FORMULA: Omit<LetteredFormula, 'train'> = {
  letters: 'K is the valid kernel size with the fewest weights, near √(8 C).',
  valuesAt: (channels) => ({
    K: planSf('sf', { inChannels: channels, outChannels: 4 * channels, reduction: 2 }, 'auto').kernel,
  }),
  deploy: { params: '0.5 C K + 4 C² / K + 4.5 C', macs: '(0.5 C K + 4 C² / K) P' },
};

/**
 * SF Conv (FalconNet, arXiv:2306.06365): a dense 1x1 convolution factorised into two sparse ones with a fixed permutation between.
 *
 * The first conv has C / K groups and gives K / R channels per group, in position-major order (position, hidden). The
 * permutation makes it hidden-major (hidden, position), so that each of the K / R groups of the second conv sees one hidden
 * channel of every position, and every output all C inputs. The outputs stay in hidden-major order unless `interleave`: the next
 * convolution learns its own order, and a permutation costs a pass over memory.
 *
 * Each conv has a batch norm, as every conv of LightNet has; RefCO with one branch each is then SF Conv, and the difference
 * between the two is what the branches are worth. `hiddenNorm=false` leaves only the last one.
 */
export const sf = defineChannelOperator({
  id: 'sf',
  summary:
    'Sparsely factorised 1x1 convolution: two grouped 1x1 convolutions with a permutation between them; full receptive range.',
  paper: 'FalconNet, arXiv:2306.06365',
  admits: SF_ADMITS,
  formula: {
    ...SF_FORMULA,
    train: { params: '0.5 C K + 4 C² / K + 9 C', macs: '(0.5 C K + 4 C² / K) P' },
  },
  options: z.strictObject({
    ...sfOptions,
    hiddenNorm: z.boolean().default(true).describe('Add a batch norm after the first convolution too.'),
  }),
  build: (g, x, { outChannels }, { reduction, kernel, interleave, hiddenNorm }) => {
    const plan = planSf('sf', { inChannels: x.shape[0], outChannels, reduction }, kernel);
    const first = { outChannels: plan.hiddenChannels, kernel: 1, groups: plan.positions };
    const positionMajor = hiddenNorm ? convBn(g.scope('first'), x, first) : g.conv2d('first.conv', x, first);
    const hiddenMajor = g.permuteChannels('permute', positionMajor, plan.positions);
    const y = convBn(g.scope('second'), hiddenMajor, {
      outChannels,
      kernel: 1,
      groups: plan.hiddenPerPosition,
    });
    return interleave ? g.permuteChannels('interleave', y, plan.hiddenPerPosition) : y;
  },
});
