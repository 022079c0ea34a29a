import { z } from 'zod';
import { defineSpatialOperator } from '../define.js';
import { oddKernel } from '../options.js';

/**
 * The token mixer of PoolFormer without its subtraction of the input, which only undoes a shortcut around it. The zeros around the map
 * count as values. Its kernel cannot be learned: what it reaches is worth the window alone.
 */
export const avgPool = defineSpatialOperator({
  id: 'avg-pool',
  summary: 'Average over a window, then batch norm: mixes pixels without a learned kernel.',
  paper: 'Yu et al. 2022 (MetaFormer), arXiv:2111.11418',
  options: z.strictObject({ kernel: oddKernel(3) }),
  build: (g, x, { stride }, { kernel }) =>
    g.batchNorm('bn', g.avgPool('pool', x, { kernel, stride, padding: (kernel - 1) / 2 })),
});
