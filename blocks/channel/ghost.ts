import { z } from 'zod';
import { divisorsNear } from '../../harness/graph/channel-arithmetic.js';
import { UserError } from '../../harness/user/user-error.js';
import { convBn } from '../conv-bn.js';
import { defineChannelOperator } from '../define.js';
import { oddKernel } from '../options.js';

/**
 * The Ghost module as a channel operator: some of the output channels by a 1x1 convolution, the others from those by a depthwise
 * convolution, which also mixes pixels. GhostNet has an activation after each of the two where it expands; an operator has none of
 * its own, and the block's comes after both.
 */
export const ghost = defineChannelOperator({
  id: 'ghost',
  summary:
    'Ghost module: a dense 1x1 convolution computes some of the channels, and cheap depthwise convolutions of those give the rest.',
  paper: 'Han et al. 2020 (GhostNet), arXiv:1911.11907',
  admits: 'Output channels divisible by ratio.',
  options: z.strictObject({
    ratio: z
      .int()
      .min(2)
      .default(2)
      .describe('The 1x1 convolution computes 1/ratio of the output channels; ratio must divide them.'),
    kernel: oddKernel(3),
  }),
  build: (g, x, { outChannels }, { ratio, kernel }) => {
    if (outChannels % ratio !== 0) {
      const ratios = divisorsNear(outChannels, ratio).filter((divisor) => divisor > 1);
      throw new UserError(
        `ghost: 1/${ratio} of ${outChannels} output channels is not a whole number.`,
        ratios.length === 0
          ? `No ratio divides ${outChannels}: choose another number of output channels.`
          : `The nearest valid ratios are ${ratios.join(' and ')}.`,
      );
    }
    const intrinsic = outChannels / ratio;
    const primary = convBn(g.scope('primary'), x, { outChannels: intrinsic, kernel: 1 });
    const cheap = convBn(g.scope('cheap'), primary, {
      outChannels: outChannels - intrinsic,
      kernel,
      groups: intrinsic,
    });
    return g.concat('concat', primary, cheap);
  },
});
