import { z } from 'zod';
import { defineSpatialOperator } from '../define.js';
import { oddKernel } from '../options.js';

/** The other operator that neither learns nor moves anything, for comparison with the average. */
export const maxPool = defineSpatialOperator({
  id: 'max-pool',
  summary: 'Maximum over a window, then batch norm: mixes pixels without a learned kernel.',
  paper: 'None; beside the average of Yu et al. 2022 (MetaFormer), arXiv:2111.11418',
  options: z.strictObject({ kernel: oddKernel(3) }),
  build: (g, x, { stride }, { kernel }) =>
    g.batchNorm('bn', g.maxPool('pool', x, { kernel, stride, padding: (kernel - 1) / 2 })),
});
