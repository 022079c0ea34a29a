import { z } from 'zod';
import type { Pair } from '../../harness/graph/ops.js';
import { UserError } from '../../harness/user-error.js';
import { convBn, sumBranches } from '../conv-bn.js';
import { defineSpatialOperator } from '../definition.js';
import { oddKernel } from '../options.js';

/**
 * RepSO (FalconNet, arXiv:2306.06365): parallel depthwise branches, each with its own batch norm, summed. All are linear and
 * fit into one k x k window, so that they merge into one depthwise convolution with bias. The identity branch, a batch norm
 * alone, exists only at stride 1.
 */
export const repso = defineSpatialOperator({
  id: 'repso',
  summary:
    'Re-parameterised spatial operator: depthwise k x k branches, 1 x k, k x 1, 1 x 1 and identity, summed; one depthwise convolution at inference.',
  paper: 'FalconNet, arXiv:2306.06365',
  options: z.strictObject({
    kernel: oddKernel(3),
    branches: z.int().min(0).max(16).default(3).describe('Parallel k x k branches.'),
    row: z.boolean().default(true).describe('A branch of 1 x k.'),
    column: z.boolean().default(true).describe('A branch of k x 1.'),
    point: z.boolean().default(true).describe('A branch of 1 x 1.'),
    identity: z.boolean().default(true).describe('A branch of batch norm alone, at stride 1.'),
  }),
  build: (g, x, { stride }, { kernel, branches, row, column, point, identity }) => {
    const channels = x.shape[0];
    const convolve = (name: string, size: Pair) =>
      convBn(g.scope(name), x, { outChannels: channels, kernel: size, stride, groups: channels });
    const [first, ...rest] = [
      ...Array.from({ length: branches }, (_, i) => convolve(`square${i + 1}`, [kernel, kernel])),
      ...(row ? [convolve('row', [1, kernel])] : []),
      ...(column ? [convolve('column', [kernel, 1])] : []),
      ...(point ? [convolve('point', [1, 1])] : []),
      ...(identity && stride === 1 ? [g.batchNorm('identity.bn', x)] : []),
    ];
    if (!first) {
      throw new UserError(
        `repso has no branch at stride ${stride}.`,
        'Give branches=1 or more, or one of row, column and point.',
      );
    }
    return sumBranches(g, [first, ...rest]);
  },
});
