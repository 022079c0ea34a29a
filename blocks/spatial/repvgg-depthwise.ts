import { z } from 'zod';
import { defineSpatialOperator } from '../define.js';
import { oddKernel } from '../options.js';
import { sumDepthwise } from './depthwise-branches.js';

/** The three branches of a RepVGG unit, which is dense in the paper, with depthwise kernels. */
export const repvggDepthwise = defineSpatialOperator({
  id: 'repvgg-depthwise',
  summary:
    'RepVGG branches: depthwise k x k, 1 x 1 and identity, summed; one depthwise convolution at inference.',
  paper: 'Ding et al. 2021 (RepVGG), arXiv:2101.03697',
  mergeable: true,
  options: z.strictObject({ kernel: oddKernel(3) }),
  build: (g, x, site, { kernel }) =>
    sumDepthwise('repvgg-depthwise', g, x, site, {
      convolutions: [
        ['square', [kernel, kernel]],
        ['point', [1, 1]],
      ],
      identity: true,
    }),
});
