import { z } from 'zod';
import { convBn } from '../conv-bn.js';
import { defineBlock } from '../define.js';
import { ghostBottleneckBlock, ghostBottleneckOptions } from './ghost-bottleneck.js';
import type { FeatureModule } from './ghost-module.js';
import { hiddenWidth } from './hidden-width.js';
import { squeezedWidth } from './squeeze-excite.js';

/**
 * The RepGhost module (Chen et al. 2022, arXiv:2211.06088): a 1x1 convolution, then a depthwise one added to its own input, where the
 * ghost module concatenates the two. Both have a batch norm, and merge into one depthwise convolution.
 */
export const repGhostModule =
  (cheapKernel: number): FeatureModule =>
  (g, x, { outChannels, activation }) => {
    const primary = g.scope('primary');
    const normed = convBn(primary, x, { outChannels, kernel: 1 });
    const features = activation === undefined ? normed : primary.activation('act', normed, activation);
    const depthwise = { outChannels, kernel: cheapKernel, groups: outChannels };
    const cheap = convBn(g.scope('cheap'), features, depthwise);
    const sum = g.add('sum', cheap, g.batchNorm('identity.bn', features));
    return activation === undefined ? sum : g.activation('act', sum, activation);
  };

export const repghost = defineBlock({
  id: 'repghost',
  summary:
    'RepGhost bottleneck: the Ghost bottleneck with sums instead of concatenations; each sum is one depthwise convolution at inference.',
  paper: 'Chen et al. 2022 (RepGhost), arXiv:2211.06088',
  mergeable: true,
  options: z.strictObject(ghostBottleneckOptions(3)),
  build: (g, x, site, { expansion, kernel, cheapKernel, squeeze }) => {
    const hidden = hiddenWidth('repghost', x.shape[0], expansion);
    const squeezed = squeezedWidth(squeeze, hidden);
    return ghostBottleneckBlock({ module: repGhostModule(cheapKernel), hidden, kernel, squeezed })(
      g,
      x,
      site,
    );
  },
});
