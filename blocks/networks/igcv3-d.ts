import { z } from 'zod';
import { GraphBuilder } from '../../harness/graph/build/builder.js';
import { igcv3ResidualBlock } from '../basic/igcv3-block.js';
import { convBnAct } from '../conv-bn.js';
import { defineNetwork } from '../define.js';
import { classify } from './classifier.js';
import { resolutionOption, stemStride } from './resolution.js';
import { buildStages, type Stage } from './stages.js';
import { headWidthOption, widthOption } from './width.js';

const STEM_WIDTH = 32;
const HEAD_WIDTH = 1280;
const GROUPS = 2;

interface Row extends Stage {
  readonly expansion: number;
}

const row = (expansion: number, outChannels: number, repeats: number, stride: number): Row => ({
  expansion,
  outChannels,
  repeats,
  stride,
});

const STAGES = [
  row(1, 16, 1, 1),
  row(6, 24, 4, 2),
  row(6, 32, 6, 2),
  row(6, 64, 8, 2),
  row(6, 96, 6, 1),
  row(6, 160, 6, 2),
  row(6, 320, 1, 1),
];

/** As in the authors' code (github.com/homles11/IGCV3, symbols/igcv3.py), the widths other than 1 included. */
export const igcv3D = defineNetwork({
  id: 'igcv3-d',
  summary: 'IGCV3-D: twice as deep as MobileNetV2, with 1x1 convolutions in two interleaved groups.',
  paper: 'Sun et al. 2018 (IGCV3), arXiv:1806.00178',
  published: {
    params: '3.5M',
    macs: '318M',
    top1: 72.2,
    source: 'github.com/homles11/IGCV3; the multiply-adds as quoted in arXiv:1807.11164',
    differs: 'Exact 313.0M multiply-adds; cause not found.',
  },
  options: z.strictObject({
    ...resolutionOption,
    ...headWidthOption,
    width: widthOption(
      'Rounded, then up to even numbers; above 1 the head has one channel more than in proportion.',
      0.16,
    ),
  }),
  build: ({ input, classes }, { resolution, headWidth, width }) => {
    const g = GraphBuilder.create();
    const stem = { outChannels: evenWidth(STEM_WIDTH * width), kernel: 3, stride: stemStride(resolution) };
    const entry = convBnAct(g.scope('stem'), g.input(input), stem, 'relu6');
    const features = buildStages(g, entry, STAGES, (scope, x, { expansion, outChannels, stride }, index) => {
      const base = index === 0 && x !== entry ? widthScaledAgain(x.shape[0], width) : x.shape[0];
      const site = { outChannels: evenWidth(outChannels * width), stride, activation: 'relu6' } as const;
      return igcv3ResidualBlock({ hidden: expansion * base, groups: GROUPS })(scope, x, site);
    });
    const head = g.scope('head');
    const publishedWidth = width > 1 ? Math.floor(HEAD_WIDTH * width) + 1 : HEAD_WIDTH;
    const wide = convBnAct(head, features, { outChannels: headWidth ?? publishedWidth, kernel: 1 }, 'relu6');
    return g.finish(classify(head, wide, classes));
  },
});

const evenWidth = (width: number): number => {
  const rounded = Math.round(width);
  return rounded % 2 === 0 ? rounded : rounded + 1;
};

/** The authors' code multiplies by the width once more where the first block of a stage expands. */
const widthScaledAgain = (channels: number, width: number): number => {
  const scaled = Math.round(channels * width);
  return scaled % 2 === 0 ? scaled : channels + 1;
};
