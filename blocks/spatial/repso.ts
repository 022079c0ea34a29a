import { z } from 'zod';
import { defineSpatialOperator } from '../define.js';
import { oddKernel } from '../options.js';
import { squares, sumDepthwise } from './depthwise-branches.js';

/** RepSO (FalconNet, arXiv:2306.06365): by default seven branches, which become one depthwise 3x3 convolution. */
export const repso = defineSpatialOperator({
  id: 'repso',
  summary:
    'Re-parameterised spatial operator: depthwise k x k branches, 1 x k, k x 1, 1 x 1 and identity, summed; one depthwise convolution at inference.',
  paper: 'FalconNet, arXiv:2306.06365',
  mergeable: true,
  options: z.strictObject({
    kernel: oddKernel(3),
    branches: z.int().min(0).max(16).default(3).describe('Parallel k x k branches.'),
    row: z.boolean().default(true).describe('Use a 1 x k branch.'),
    column: z.boolean().default(true).describe('Use a k x 1 branch.'),
    point: z.boolean().default(true).describe('Use a 1 x 1 branch.'),
    identity: z.boolean().default(true).describe('Use a branch with only a batch norm, at stride 1.'),
  }),
  build: (g, x, site, { kernel, branches, row, column, point, identity }) =>
    sumDepthwise('repso', g, x, site, {
      convolutions: [
        ...squares(branches, kernel),
        ...(row ? [['row', [1, kernel]] as const] : []),
        ...(column ? [['column', [kernel, 1]] as const] : []),
        ...(point ? [['point', [1, 1]] as const] : []),
      ],
      identity,
    }),
});
