import { z } from 'zod';
import { repGhostModule } from '../basic/repghost.js';
import { defineNetwork } from '../define.js';
import { ghostNet, ghostNetOptions } from './ghostnet.js';

/** About half of GhostNet's, as no features are concatenated. */
const HIDDEN_WIDTHS = [8, 24, 36, 36, 60, 120, 100, 120, 120, 240, 336, 336, 480, 480, 480, 480];

export const repghostnet = defineNetwork({
  id: 'repghostnet',
  summary:
    'RepGhostNet: GhostNet with half the hidden widths and re-parameterised sums instead of concatenations.',
  paper: 'Chen et al. 2022 (RepGhost), arXiv:2211.06088',
  published: { params: '4.1M', macs: '142M', top1: 74.2, source: 'github.com/ChengpengChen/RepGhost' },
  mergeable: true,
  options: z.strictObject(ghostNetOptions),
  build: (site, scale) => ghostNet(site, { ...scale, module: repGhostModule(3), hidden: HIDDEN_WIDTHS }),
});
