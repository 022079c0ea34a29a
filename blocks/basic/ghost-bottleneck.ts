import { z } from 'zod';
import type { Value } from '../../harness/graph/build/builder.js';
import { convBn } from '../conv-bn.js';
import { defineBlock } from '../define.js';
import { oddKernel } from '../options.js';
import type { BlockPart } from '../part.js';
import { type FeatureModule, ghostModule } from './ghost-module.js';
import { expansionOption, hiddenWidth } from './hidden-width.js';
import { hardSqueezeExcite, squeezedWidth, squeezeOption } from './squeeze-excite.js';

export interface GhostBottleneck {
  readonly module: FeatureModule;
  /** Channels between the two modules. */
  readonly hidden: number;
  /** Kernel of the depthwise convolutions that take a stride. */
  readonly kernel: number;
  /** Channels of squeeze and excitation; 0: none. */
  readonly squeezed: number;
}

/**
 * The bottleneck of GhostNet (Han et al. 2020, arXiv:1911.11907) around two modules: module, depthwise convolution where there is a
 * stride, [squeeze and excitation], linear module, shortcut. Where shapes differ the shortcut is depthwise, then 1x1.
 */
export const ghostBottleneckBlock =
  ({ module, hidden, kernel, squeezed }: GhostBottleneck): BlockPart =>
  (g, x, { outChannels, stride, activation }) => {
    const depthwise = (name: string, y: Value): Value =>
      convBn(g.scope(name), y, { outChannels: y.shape[0], kernel, stride, groups: y.shape[0] });
    const wide = module(g.scope('expand'), x, { outChannels: hidden, activation });
    const mixed = stride === 1 ? wide : depthwise('spatial', wide);
    const weighed = hardSqueezeExcite(g.scope('excite'), mixed, squeezed);
    const narrow = module(g.scope('project'), weighed, { outChannels });
    if (stride === 1 && x.shape[0] === outChannels) return g.add('add', narrow, x);
    const small = depthwise('shortcut.depthwise', x);
    return g.add('add', narrow, convBn(g.scope('shortcut.pointwise'), small, { outChannels, kernel: 1 }));
  };

/** Options of a bottleneck, whatever its module. */
export const ghostBottleneckOptions = (expansion: number) => ({
  expansion: expansionOption(expansion),
  kernel: oddKernel(3).describe('Kernel size of the strided convolution, also in the shortcut; odd.'),
  cheapKernel: oddKernel(3).describe('Depthwise kernel size of the ghost modules, odd.'),
  squeeze: squeezeOption(),
});

export const ghostBottleneck = defineBlock({
  id: 'ghost-bottleneck',
  summary:
    'Ghost bottleneck: 1x1 convolutions compute half of the features, cheap depthwise convolutions the others.',
  paper: 'Han et al. 2020 (GhostNet), arXiv:1911.11907',
  options: z.strictObject({
    ...ghostBottleneckOptions(6),
    ratio: z.int().min(1).max(16).default(2).describe('A 1x1 convolution computes 1/ratio of the features.'),
  }),
  build: (g, x, site, { expansion, kernel, squeeze, ...module }) => {
    const hidden = hiddenWidth('ghost-bottleneck', x.shape[0], expansion);
    const squeezed = squeezedWidth(squeeze, hidden);
    return ghostBottleneckBlock({ module: ghostModule(module), hidden, kernel, squeezed })(g, x, site);
  },
});
