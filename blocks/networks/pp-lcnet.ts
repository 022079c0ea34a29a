import { z } from 'zod';
import { GraphBuilder } from '../../harness/graph/build/builder.js';
import { ppLcNetUnitBlock } from '../basic/pp-lcnet-unit.js';
import { convBnAct } from '../conv-bn.js';
import { defineNetwork } from '../define.js';
import { resolutionOption, stemStride } from './resolution.js';
import { buildStages, type Stage } from './stages.js';
import { headWidthOption, makeDivisible, widthOption } from './width.js';

interface Row extends Stage {
  readonly kernel: number;
  readonly squeeze: boolean;
}

const row = (kernel: number, outChannels: number, repeats: number, stride: number, squeeze = false): Row => ({
  kernel,
  outChannels,
  repeats,
  stride,
  squeeze,
});

const STAGES = [
  row(3, 32, 1, 1),
  row(3, 64, 2, 2),
  row(3, 128, 2, 2),
  row(3, 256, 1, 2),
  row(5, 256, 5, 1),
  row(5, 512, 2, 2, true),
];

const STEM_WIDTH = 16;
const TAIL_WIDTH = 1280;

/** The 1x1 convolution after the average has a bias as in timm; the authors' code has none there. */
export const ppLcnet = defineNetwork({
  id: 'pp-lcnet',
  summary: 'PP-LCNet: depthwise separable convolutions with h-swish, and squeeze and excitation at the end.',
  paper: 'Cui et al. 2021 (PP-LCNet), arXiv:2109.15099',
  published: {
    params: '3.0M',
    macs: '161M',
    top1: 71.32,
    source: 'github.com/PaddlePaddle/PaddleClas',
    differs: 'Printed 161M, exact 155.7M; cause not found.',
  },
  options: z.strictObject({
    ...resolutionOption,
    ...headWidthOption,
    width: widthOption('Rounded to multiples of 8; the last width, 1280, stays.'),
  }),
  build: ({ input, classes }, { resolution, headWidth = TAIL_WIDTH, width }) => {
    const scaled = (channels: number): number => makeDivisible(channels * width);
    const g = GraphBuilder.create();
    const stem = { outChannels: scaled(STEM_WIDTH), kernel: 3, stride: stemStride(resolution) };
    const entry = convBnAct(g.scope('stem'), g.input(input), stem, 'hard-swish');
    const last = buildStages(g, entry, STAGES, (scope, x, { kernel, squeeze, outChannels, stride }) => {
      const unit = ppLcNetUnitBlock({ kernel, squeezed: squeeze ? x.shape[0] / 4 : 0 });
      return unit(scope, x, { outChannels: scaled(outChannels), stride, activation: 'hard-swish' });
    });
    const head = g.scope('head');
    const pooled = head.globalAvgPool('pool', last);
    const tail = head.conv2d('tail.conv', pooled, { outChannels: headWidth, kernel: 1, bias: true });
    const features = head.flatten('flatten', head.activation('tail.act', tail, 'hard-swish'));
    return g.finish(head.dense('classifier', features, classes));
  },
});
