import { z } from 'zod';
import { convBn } from '../conv-bn.js';
import { defineSpatialOperator } from '../define.js';
import { oddKernel } from '../options.js';
import type { SpatialPart } from '../part.js';

/** Depthwise k x k convolution and batch norm. */
export const depthwiseConv =
  (kernel: number, dilation = 1): SpatialPart =>
  (g, x, { stride }) =>
    convBn(g, x, { outChannels: x.shape[0], kernel, stride, dilation, groups: x.shape[0] });

export const depthwise = defineSpatialOperator({
  id: 'depthwise',
  summary: 'Depthwise convolution: one kernel per channel.',
  paper: 'Howard et al. 2017, arXiv:1704.04861',
  options: z.strictObject({
    kernel: oddKernel(3),
    dilation: z
      .int()
      .min(1)
      .max(16)
      .default(1)
      .describe('Dilation: distance between the taps of the kernel.'),
  }),
  build: (g, x, site, { kernel, dilation }) => depthwiseConv(kernel, dilation)(g, x, site),
});
