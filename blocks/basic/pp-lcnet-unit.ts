import { z } from 'zod';
import { convBnAct } from '../conv-bn.js';
import { defineBlock } from '../define.js';
import { oddKernel } from '../options.js';
import type { BlockPart } from '../part.js';
import { hardSqueezeExcite, squeezedWidth, squeezeOption } from './squeeze-excite.js';

export interface PpLcNetUnit {
  readonly kernel: number;
  /** Channels of squeeze and excitation; 0: none. */
  readonly squeezed: number;
}

/**
 * The unit of PP-LCNet (Cui et al. 2021, arXiv:2109.15099): depthwise, [squeeze and excitation], pointwise, an activation after both
 * convolutions, no shortcut.
 */
export const ppLcNetUnitBlock =
  ({ kernel, squeezed }: PpLcNetUnit): BlockPart =>
  (g, x, { outChannels, stride, activation }) => {
    const [channels] = x.shape;
    const depthwise = { outChannels: channels, kernel, stride, groups: channels };
    const mixed = convBnAct(g.scope('depthwise'), x, depthwise, activation);
    const weighed = hardSqueezeExcite(g.scope('excite'), mixed, squeezed);
    return convBnAct(g.scope('pointwise'), weighed, { outChannels, kernel: 1 }, activation);
  };

export const ppLcnetUnit = defineBlock({
  id: 'pp-lcnet-unit',
  summary:
    'PP-LCNet unit: depthwise separable convolution with optional squeeze and excitation, no shortcut.',
  paper: 'Cui et al. 2021 (PP-LCNet), arXiv:2109.15099',
  options: z.strictObject({ kernel: oddKernel(3), squeeze: squeezeOption() }),
  build: (g, x, site, { kernel, squeeze }) =>
    ppLcNetUnitBlock({ kernel, squeezed: squeezedWidth(squeeze, x.shape[0]) })(g, x, site),
});
