import { z } from 'zod';
import { UserError } from '../../harness/user/user-error.js';
import { convBn, convBnAct } from '../conv-bn.js';
import { defineBlock } from '../define.js';
import type { BlockPart } from '../part.js';
import { depthwiseConv } from '../spatial/depthwise.js';
import { expansionOption, hiddenWidth } from './hidden-width.js';
import { residual } from './residual.js';

export interface UniversalInvertedBottleneck {
  /** Kernel of the depthwise convolution before the expansion; 0: none. */
  readonly start: number;
  /** Kernel of the one between expansion and projection; 0: none. */
  readonly middle: number;
  readonly hidden: number;
}

/**
 * The universal inverted bottleneck of MobileNetV4 (Qin et al. 2024, arXiv:2404.10518): [depthwise, norm], expand, [depthwise],
 * project. The stride stands on the depthwise convolution in the middle, where there is none on the first.
 */
export const universalInvertedBottleneckBlock =
  ({ start, middle, hidden }: UniversalInvertedBottleneck): BlockPart =>
  (g, x, { outChannels, stride, activation }) => {
    if (stride !== 1 && start === 0 && middle === 0) {
      throw new UserError(
        `universal-inverted-bottleneck cannot take stride ${stride}: it has no depthwise convolution.`,
        'Set start or middle to a kernel size, or use stride 1.',
      );
    }
    const startStride = middle === 0 ? stride : 1;
    const led = start === 0 ? x : depthwiseConv(start)(g.scope('start'), x, { stride: startStride });
    const wide = convBnAct(g.scope('expand'), led, { outChannels: hidden, kernel: 1 }, activation);
    const mixing = { outChannels: hidden, kernel: middle, stride, groups: hidden };
    const mixed = middle === 0 ? wide : convBnAct(g.scope('middle'), wide, mixing, activation);
    return residual(g, x, convBn(g.scope('project'), mixed, { outChannels, kernel: 1 }), stride);
  };

const optionalKernel = (which: string) =>
  z
    .int()
    .min(0)
    .max(31)
    .refine((size) => size === 0 || size % 2 === 1, 'it must be odd, or 0')
    .default(3)
    .describe(`Kernel size ${which}, odd; 0: none.`);

export const universalInvertedBottleneck = defineBlock({
  id: 'universal-inverted-bottleneck',
  summary:
    'Universal inverted bottleneck: depthwise, expand, depthwise, project; without the first depthwise convolution it is the inverted residual, without the second the ConvNeXt block.',
  paper: 'Qin et al. 2024 (MobileNetV4), arXiv:2404.10518',
  options: z.strictObject({
    expansion: expansionOption(4),
    start: optionalKernel('before the expansion'),
    middle: optionalKernel('between expansion and projection'),
  }),
  build: (g, x, site, { expansion, ...kernels }) =>
    universalInvertedBottleneckBlock({
      hidden: hiddenWidth('universal-inverted-bottleneck', x.shape[0], expansion),
      ...kernels,
    })(g, x, site),
});
