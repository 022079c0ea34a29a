import { z } from 'zod';
import { defineBlock } from '../define.js';
import { oddKernel } from '../options.js';
import type { BlockPart } from '../part.js';
import { repConv } from './rep-conv.js';

/** The unit of RepVGG (Ding et al. 2021, arXiv:2101.03697), from which the whole network is made. The activation follows the sum. */
export const repVggBlock =
  (kernel: number): BlockPart =>
  (g, x, { outChannels, stride, activation }) =>
    g.activation('act', repConv(g, x, { outChannels, kernel, stride, groups: 1, branches: 1 }), activation);

export const repvgg = defineBlock({
  id: 'repvgg',
  summary: 'RepVGG unit: dense 3x3, 1x1 and identity, summed; one 3x3 convolution at inference.',
  paper: 'Ding et al. 2021 (RepVGG), arXiv:2101.03697',
  mergeable: true,
  options: z.strictObject({ kernel: oddKernel(3) }),
  build: (g, x, site, { kernel }) => repVggBlock(kernel)(g, x, site),
});
