import { z } from 'zod';
import type { GraphBuilder, Value } from '../../harness/graph/build/builder.js';
import { pointwiseConv } from '../channel/pointwise.js';
import { defineBlock } from '../define.js';
import { oddKernel } from '../options.js';
import type { BlockPart, ChannelPart } from '../part.js';
import { depthwiseConv } from '../spatial/depthwise.js';
import { keepPixels } from '../spatial/identity.js';
import { expansionOption, hiddenWidth } from './hidden-width.js';
import { metaBlock } from './meta.js';
import { squeezeExcite } from './squeeze-excite.js';

export interface InvertedResidual {
  /** Channels of the depthwise convolution; where they are those of the input, there is no expansion. */
  readonly hidden: number;
  readonly kernel: number;
  readonly excite?: (g: GraphBuilder, x: Value) => Value;
}

/**
 * The inverted residual of MobileNetV2 (Sandler et al. 2018, arXiv:1801.04381): the meta block with a depthwise convolution between
 * pointwise expansion and projection.
 */
export const invertedResidualBlock =
  ({ hidden, kernel, excite }: InvertedResidual): BlockPart =>
  (g, x, site) =>
    metaBlock({
      spatial1: keepPixels,
      channel1: hidden === x.shape[0] ? keepChannels : pointwiseConv,
      spatial2: depthwiseConv(kernel),
      ...(excite === undefined ? {} : { excite }),
      channel2: pointwiseConv,
      spatial3: keepPixels,
      hidden,
    })(g, x, site);

export const invertedResidual = defineBlock({
  id: 'inverted-residual',
  summary:
    'Inverted residual: expand, depthwise, project; with squeeze and excitation it is the MBConv of EfficientNet.',
  paper:
    'Sandler et al. 2018 (MobileNetV2), arXiv:1801.04381; Tan and Le 2019 (EfficientNet), arXiv:1905.11946',
  admits: 'Input channels for which expansion gives a whole number.',
  options: z.strictObject({
    expansion: expansionOption(6),
    kernel: oddKernel(3),
    squeeze: z
      .number()
      .min(0)
      .max(1)
      .default(0)
      .describe(
        'Squeeze-and-excitation channels over the input channels of the block, rounded down; 0: none; EfficientNet: 0.25.',
      ),
  }),
  build: (g, x, site, { expansion, kernel, squeeze }) => {
    const squeezed = Math.max(1, Math.floor(squeeze * x.shape[0]));
    const excite = (scope: GraphBuilder, y: Value) =>
      squeezeExcite(scope, y, { squeezed, activation: site.activation, gate: 'sigmoid' });
    return invertedResidualBlock({
      hidden: hiddenWidth('inverted-residual', x.shape[0], expansion),
      kernel,
      ...(squeeze === 0 ? {} : { excite }),
    })(g, x, site);
  },
});

const keepChannels: ChannelPart = (_g, x) => x;
