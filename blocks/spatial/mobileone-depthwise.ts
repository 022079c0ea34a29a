import { z } from 'zod';
import { defineSpatialOperator } from '../define.js';
import { oddKernel } from '../options.js';
import { squares, sumDepthwise } from './depthwise-branches.js';

/** The depthwise half of a MobileOne unit: its scale branch (1 x 1) exists where the kernel is larger than that. */
export const mobileoneDepthwise = defineSpatialOperator({
  id: 'mobileone-depthwise',
  summary:
    'MobileOne branches: several depthwise k x k, one 1 x 1 and identity, summed; one depthwise convolution at inference.',
  paper: 'Vasu et al. 2022 (MobileOne), arXiv:2206.04040',
  mergeable: true,
  options: z.strictObject({
    kernel: oddKernel(3),
    branches: z.int().min(1).max(16).default(4).describe('Parallel k x k branches.'),
  }),
  build: (g, x, site, { kernel, branches }) =>
    sumDepthwise('mobileone-depthwise', g, x, site, {
      convolutions: [...squares(branches, kernel), ...(kernel > 1 ? [['point', [1, 1]] as const] : [])],
      identity: true,
    }),
});
