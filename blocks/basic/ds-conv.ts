import { convBnAct } from '../conv-bn.js';
import type { BlockPart } from '../define.js';

/**
 * The depthwise separable convolution of MobileNetV1 (Howard et al. 2017, arXiv:1704.04861): depthwise and pointwise, each with
 * norm and activation. It has no shortcut.
 */
export const dsConvBlock =
  (kernel: number): BlockPart =>
  (g, x, { outChannels, stride, activation }) => {
    const [channels] = x.shape;
    const depthwise = { outChannels: channels, kernel, stride, groups: channels };
    const mixed = convBnAct(g.scope('depthwise'), x, depthwise, activation);
    return convBnAct(g.scope('pointwise'), mixed, { outChannels, kernel: 1 }, activation);
  };
