import { z } from 'zod';
import { defineSpatialOperator } from '../define.js';
import { oddKernel } from '../options.js';
import { sumDepthwise } from './depthwise-branches.js';

/** ACNet strengthens the cross of a dense kernel by a row and a column; this is its depthwise form. */
export const acnet = defineSpatialOperator({
  id: 'acnet',
  summary:
    'Asymmetric branches: depthwise k x k, 1 x k and k x 1, summed; one depthwise convolution at inference.',
  paper: 'Ding et al. 2019 (ACNet), arXiv:1908.03930',
  mergeable: true,
  options: z.strictObject({ kernel: oddKernel(3) }),
  build: (g, x, site, { kernel }) =>
    sumDepthwise('acnet', g, x, site, {
      convolutions: [
        ['square', [kernel, kernel]],
        ['row', [1, kernel]],
        ['column', [kernel, 1]],
      ],
      identity: false,
    }),
});
