import { z } from 'zod';
import { convBn, convBnAct } from '../conv-bn.js';
import { defineBlock } from '../define.js';
import type { BlockPart } from '../part.js';
import { checkGroups } from './group-widths.js';
import { expansionOption, hiddenWidth } from './hidden-width.js';
import { residual } from './residual.js';

export interface Igcv3 {
  readonly hidden: number;
  readonly groups: number;
}

/**
 * The block of IGCV3 (Sun et al. 2018, arXiv:1806.00178): an inverted residual whose 1x1 convolutions have groups, with a permutation
 * after the expansion. The expansion is linear.
 */
export const igcv3ResidualBlock =
  ({ hidden, groups }: Igcv3): BlockPart =>
  (g, x, { outChannels, stride, activation }) => {
    const wide = convBn(g.scope('expand'), x, { outChannels: hidden, kernel: 1, groups });
    const interleaved = groups === 1 ? wide : g.permuteChannels('permute', wide, groups);
    const depthwise = { outChannels: hidden, kernel: 3, stride, groups: hidden };
    const mixed = convBnAct(g.scope('depthwise'), interleaved, depthwise, activation);
    return residual(g, x, convBn(g.scope('project'), mixed, { outChannels, kernel: 1, groups }), stride);
  };

export const igcv3Block = defineBlock({
  id: 'igcv3-block',
  summary: 'IGCV3: grouped expansion, permutation, depthwise, grouped projection.',
  paper: 'Sun et al. 2018 (IGCV3), arXiv:1806.00178',
  admits:
    'Input channels for which expansion gives a whole number; groups must divide input, hidden and output channels.',
  options: z.strictObject({
    expansion: expansionOption(6),
    groups: z
      .int()
      .min(1)
      .default(2)
      .describe('Groups of both 1x1 convolutions; must divide input, hidden and output channels.'),
  }),
  build: (g, x, site, { expansion, groups }) => {
    const hidden = hiddenWidth('igcv3-block', x.shape[0], expansion);
    checkGroups('igcv3-block', groups, [x.shape[0], hidden, site.outChannels]);
    return igcv3ResidualBlock({ hidden, groups })(g, x, site);
  },
});
