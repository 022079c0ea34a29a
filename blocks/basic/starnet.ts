import { z } from 'zod';
import { defineBlock } from '../define.js';
import { oddKernel } from '../options.js';
import type { BlockPart } from '../part.js';
import { expansionOption, hiddenWidth } from './hidden-width.js';
import { residual } from './residual.js';

export interface StarNetBlock {
  readonly hidden: number;
  readonly kernel: number;
}

/**
 * The StarNet block (Ma et al. 2024, arXiv:2403.19967): depthwise, two 1x1 convolutions in parallel whose results are multiplied, one
 * of them activated (the star operation), 1x1, depthwise, shortcut. Every convolution has a bias; the middle ones and the last have
 * no norm. A stride stands on the first depthwise convolution; in the published network it has a layer of its own.
 */
export const starNetBlock =
  ({ hidden, kernel }: StarNetBlock): BlockPart =>
  (g, x, { outChannels, stride, activation }) => {
    const [channels] = x.shape;
    const [spatial, project] = [g.scope('spatial'), g.scope('project')];
    const depthwise = { outChannels: channels, kernel, stride, groups: channels, bias: true };
    const mixed = spatial.batchNorm('bn', spatial.conv2d('conv', x, depthwise));
    const wide = { outChannels: hidden, kernel: 1, bias: true };
    const [left, right] = [g.conv2d('left.conv', mixed, wide), g.conv2d('right.conv', mixed, wide)];
    const star = g.mul('star', g.activation('left.act', left, activation), right);
    const narrow = project.conv2d('conv', star, { outChannels, kernel: 1, bias: true });
    const y = g.conv2d('last.conv', project.batchNorm('bn', narrow), {
      outChannels,
      kernel,
      groups: outChannels,
      bias: true,
    });
    return residual(g, x, y, stride);
  };

export const starnet = defineBlock({
  id: 'starnet',
  summary: 'StarNet block: two 1x1 convolutions multiplied, between depthwise 7x7 convolutions.',
  paper: 'Ma et al. 2024 (StarNet), arXiv:2403.19967',
  options: z.strictObject({ expansion: expansionOption(4), kernel: oddKernel(7) }),
  build: (g, x, site, { expansion, kernel }) =>
    starNetBlock({ hidden: hiddenWidth('starnet', x.shape[0], expansion), kernel })(g, x, site),
});
