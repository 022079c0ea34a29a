import { z } from 'zod';
import { pointwiseConv } from '../channel/pointwise.js';
import { defineBlock } from '../define.js';
import { oddKernel } from '../options.js';
import type { BlockPart } from '../part.js';
import { depthwiseConv } from '../spatial/depthwise.js';
import { keepPixels } from '../spatial/identity.js';
import { reducedWidth } from './hidden-width.js';
import { metaBlock } from './meta.js';

export const sandglass = defineBlock({
  id: 'sandglass',
  summary: 'Sandglass: depthwise, reduce, expand, depthwise; the shortcut joins the wide ends.',
  paper: 'Zhou et al. 2020 (MobileNeXt), arXiv:2007.02269',
  admits: 'Input channels divisible by reduction.',
  options: z.strictObject({
    reduction: z
      .number()
      .positive()
      .default(4)
      .describe(
        'Input width over bottleneck width, which must be a whole number. MobileNeXt mostly uses 6, which does not divide powers of two.',
      ),
    kernel: oddKernel(3),
  }),
  build: (g, x, site, { reduction, kernel }) =>
    sandglassBlock(reducedWidth('sandglass', x.shape[0], reduction), kernel)(g, x, site),
});

/**
 * The sandglass block of MobileNeXt (Zhou et al. 2020, arXiv:2007.02269): the meta block with depthwise convolutions outside a
 * bottleneck of `hidden` channels; the second one takes the stride.
 */
const sandglassBlock = (hidden: number, kernel: number): BlockPart =>
  metaBlock({
    spatial1: depthwiseConv(kernel),
    channel1: pointwiseConv,
    spatial2: keepPixels,
    channel2: pointwiseConv,
    spatial3: depthwiseConv(kernel),
    hidden,
  });
