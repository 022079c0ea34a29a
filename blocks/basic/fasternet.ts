import { z } from 'zod';
import { UserError } from '../../harness/user/user-error.js';
import { convBn } from '../conv-bn.js';
import { defineBlock } from '../define.js';
import { oddKernel } from '../options.js';
import type { BlockPart } from '../part.js';
import { onFirstChannels } from '../spatial/partial.js';
import { expansionOption, hiddenWidth } from './hidden-width.js';
import { residual } from './residual.js';

export interface FasterNetBlock {
  readonly hidden: number;
  readonly kernel: number;
  /** One channel in so many is convolved by PConv. */
  readonly divisor: number;
}

/**
 * The FasterNet block as published (Chen et al. 2023, arXiv:2303.03667): PConv without norm, 1x1 with norm and activation, 1x1 without
 * norm, shortcut. The meta block with `spatial1=partial` is the same with norms and activations in LightNet's places.
 */
export const fasterNetBlock =
  ({ hidden, kernel, divisor }: FasterNetBlock): BlockPart =>
  (g, x, { outChannels, stride, activation }) => {
    if (stride !== 1) {
      throw new UserError(
        `fasternet cannot take stride ${stride}: the channels that PConv leaves alone keep their size.`,
        'Use stride 1.',
      );
    }
    const mixed = onFirstChannels(g.scope('spatial'), x, divisor, (first) =>
      g.conv2d('spatial.conv', first, { outChannels: first.shape[0], kernel }),
    );
    const expand = g.scope('expand');
    const wide = expand.activation(
      'act',
      convBn(expand, mixed, { outChannels: hidden, kernel: 1 }),
      activation,
    );
    return residual(g, x, g.conv2d('project.conv', wide, { outChannels, kernel: 1 }), stride);
  };

export const fasternet = defineBlock({
  id: 'fasternet',
  summary:
    'FasterNet block: partial convolution, then two 1x1 convolutions with a norm and an activation between them.',
  paper: 'Chen et al. 2023 (FasterNet), arXiv:2303.03667',
  admits: 'Multiples of divisor for which expansion gives whole channels.',
  options: z.strictObject({
    expansion: expansionOption(2),
    kernel: oddKernel(3),
    divisor: z
      .int()
      .min(1)
      .default(4)
      .describe('Convolve the first C / divisor channels; divisor must divide C.'),
  }),
  build: (g, x, site, { expansion, ...options }) =>
    fasterNetBlock({ hidden: hiddenWidth('fasternet', x.shape[0], expansion), ...options })(g, x, site),
});
