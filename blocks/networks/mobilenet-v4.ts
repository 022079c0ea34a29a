import { z } from 'zod';
import { GraphBuilder } from '../../harness/graph/build/builder.js';
import { universalInvertedBottleneckBlock } from '../basic/universal-inverted-bottleneck.js';
import { convBnAct } from '../conv-bn.js';
import { defineNetwork } from '../define.js';
import { resolutionOption, stemStride } from './resolution.js';
import { buildStages, type Stage } from './stages.js';
import { headWidthOption, makeDivisible, widthOption } from './width.js';

const STEM_WIDTH = 32;

/** Kernel, stride and channels of the plain convolutions. */
const CONVOLUTIONS = [
  { kernel: 3, stride: 2, outChannels: 32 },
  { kernel: 1, stride: 1, outChannels: 32 },
  { kernel: 3, stride: 2, outChannels: 96 },
  { kernel: 1, stride: 1, outChannels: 64 },
];

const HEAD_WIDTH = 960;
const TAIL_WIDTH = 1280;

interface Row extends Stage {
  readonly start: number;
  readonly middle: number;
  readonly expansion: number;
}

const row = (
  start: number,
  middle: number,
  expansion: number,
  outChannels: number,
  repeats: number,
  stride: number,
): Row => ({ start, middle, expansion, outChannels, repeats, stride });

const BOTTLENECKS = [
  row(5, 5, 3, 96, 1, 2),
  row(0, 3, 2, 96, 4, 1),
  row(3, 0, 4, 96, 1, 1),
  row(3, 3, 6, 128, 1, 2),
  row(5, 5, 4, 128, 1, 1),
  row(0, 5, 4, 128, 1, 1),
  row(0, 5, 3, 128, 1, 1),
  row(0, 3, 4, 128, 2, 1),
];

export const mobilenetV4ConvSmall = defineNetwork({
  id: 'mobilenet-v4-conv-small',
  summary: 'MobileNetV4-Conv-S: plain convolutions, then universal inverted bottlenecks.',
  paper: 'Qin et al. 2024 (MobileNetV4), arXiv:2404.10518',
  published: {
    params: '3.8M',
    macs: '0.2G',
    top1: 73.76,
    source: 'timm, mobilenetv4_conv_small.e2400_r224_in1k',
  },
  options: z.strictObject({
    ...resolutionOption,
    ...headWidthOption,
    width: widthOption(
      'Rounded to multiples of 8; the last width stays, and below 1 the first convolution too.',
    ),
  }),
  build: ({ input, classes }, { resolution, headWidth = TAIL_WIDTH, width }) => {
    const scaled = (channels: number) => makeDivisible(channels * width);
    const g = GraphBuilder.create();
    const stemWidth = width < 1 ? STEM_WIDTH : scaled(STEM_WIDTH);
    const stem = { outChannels: stemWidth, kernel: 3, stride: stemStride(resolution) };
    let x = convBnAct(g.scope('stem'), g.input(input), stem, 'relu');
    for (const [i, convolution] of CONVOLUTIONS.entries()) {
      const options = { ...convolution, outChannels: scaled(convolution.outChannels) };
      x = convBnAct(g.scope('convolutions').scope(i), x, options, 'relu');
    }
    const features = buildStages(
      g,
      x,
      BOTTLENECKS,
      (scope, y, { expansion, outChannels, stride, ...row }) => {
        const hidden = makeDivisible(y.shape[0] * expansion);
        const site = { outChannels: scaled(outChannels), stride, activation: 'relu' } as const;
        return universalInvertedBottleneckBlock({ ...row, hidden })(scope, y, site);
      },
    );
    const head = g.scope('head');
    const wide = convBnAct(head, features, { outChannels: scaled(HEAD_WIDTH), kernel: 1 }, 'relu');
    const pooled = head.globalAvgPool('pool', wide);
    const tail = convBnAct(head.scope('tail'), pooled, { outChannels: headWidth, kernel: 1 }, 'relu');
    return g.finish(head.dense('classifier', head.flatten('flatten', tail), classes));
  },
});
