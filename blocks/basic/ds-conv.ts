import { z } from 'zod';
import { convBnAct } from '../conv-bn.js';
import { defineBlock } from '../define.js';
import { oddKernel } from '../options.js';
import type { BlockPart } from '../part.js';

/**
 * The depthwise separable convolution of MobileNetV1 (Howard et al. 2017, arXiv:1704.04861): depthwise with the stride, then
 * pointwise, each with batch norm and activation; no shortcut.
 */
export const dsConvBlock =
  (kernel: number): BlockPart =>
  (g, x, { outChannels, stride, activation }) => {
    const depthwise = { outChannels: x.shape[0], kernel, stride, groups: x.shape[0] };
    const mixed = convBnAct(g.scope('depthwise'), x, depthwise, activation);
    return convBnAct(g.scope('pointwise'), mixed, { outChannels, kernel: 1 }, activation);
  };

export const dsConv = defineBlock({
  id: 'ds-conv',
  summary: 'Depthwise separable convolution of MobileNetV1: depthwise, then pointwise, without a shortcut.',
  paper: 'Howard et al. 2017 (MobileNetV1), arXiv:1704.04861',
  options: z.strictObject({ kernel: oddKernel(3) }),
  build: (g, x, site, { kernel }) => dsConvBlock(kernel)(g, x, site),
});
