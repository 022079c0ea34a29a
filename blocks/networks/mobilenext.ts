import { z } from 'zod';
import { GraphBuilder, type Value } from '../../harness/graph/build/builder.js';
import { convBn, convBnAct } from '../conv-bn.js';
import { defineNetwork } from '../define.js';
import { depthwiseConv } from '../spatial/depthwise.js';
import { classify } from './classifier.js';
import { resolutionOption, stemStride } from './resolution.js';
import { buildStages, type Stage } from './stages.js';
import { headWidthOption, makeDivisible, widthOption } from './width.js';

const STEM_WIDTH = 32;
const LAST_WIDTH = 1280;

interface Row extends Stage {
  readonly reduction: number;
}

const row = (reduction: number, outChannels: number, repeats: number, stride: number): Row => ({
  reduction,
  outChannels,
  repeats,
  stride,
});

const STAGES = [
  row(2, 96, 1, 2),
  row(6, 144, 1, 1),
  row(6, 192, 3, 2),
  row(6, 288, 3, 2),
  row(6, 384, 4, 1),
  row(6, 576, 4, 2),
  row(6, 960, 3, 1),
  row(6, LAST_WIDTH, 1, 1),
];

/**
 * As in the released code (github.com/zhoudaquan/rethinking_bottleneck_design), in which the blocks that change the width lack a
 * depthwise convolution or both, and stages of one block have no shortcut.
 */
export const mobilenext = defineNetwork({
  id: 'mobilenext',
  summary: 'MobileNeXt: sandglass blocks, whose shortcuts join the wide ends.',
  paper: 'Zhou et al. 2020 (MobileNeXt), arXiv:2007.02269',
  published: {
    params: '3.5M',
    macs: '300M',
    top1: 74.02,
    source: 'github.com/zhoudaquan/rethinking_bottleneck_design',
    differs: 'Exact 311.3M multiply-adds; no reading of the table gives both figures.',
  },
  options: z.strictObject({
    ...resolutionOption,
    ...headWidthOption,
    width: widthOption('Rounded to multiples of 8; the last stage keeps its width below 1.'),
  }),
  build: ({ input, classes }, { resolution, headWidth, width }) => {
    const scaled = (channels: number) => makeDivisible(channels * width, divisorAt(width));
    const lastWidth = headWidth ?? (width < 1 ? LAST_WIDTH : scaled(LAST_WIDTH));
    const g = GraphBuilder.create();
    const stem = { outChannels: scaled(STEM_WIDTH), kernel: 3, stride: stemStride(resolution) };
    const entry = convBnAct(g.scope('stem'), g.input(input), stem, 'relu6');
    const features = buildStages(g, entry, STAGES, (scope, x, { reduction, repeats, ...place }) =>
      sandglassUnit(scope, x, {
        outChannels: place.outChannels === LAST_WIDTH ? lastWidth : scaled(place.outChannels),
        stride: place.stride,
        reduction,
        alone: repeats === 1,
      }),
    );
    return g.finish(classify(g.scope('head'), features, classes));
  },
});

interface Unit {
  readonly outChannels: number;
  readonly stride: number;
  readonly reduction: number;
  /** The only block of its stage. */
  readonly alone: boolean;
}

/** Depthwise, reduce, expand, depthwise; where it changes the width within a stage of several blocks, less. */
const sandglassUnit = (g: GraphBuilder, x: Value, { outChannels, stride, reduction, alone }: Unit): Value => {
  const [channels] = x.shape;
  const whole = alone || channels === outChannels;
  const mixed = whole
    ? g.activation('before.act', depthwiseConv(3)(g.scope('before'), x, { stride: 1 }), 'relu6')
    : x;
  const hidden = bottleneck(channels, outChannels, reduction);
  const narrow = convBn(g.scope('reduce'), mixed, { outChannels: hidden, kernel: 1 });
  const wide = convBnAct(g.scope('expand'), narrow, { outChannels, kernel: 1 }, 'relu6');
  const y = whole || stride !== 1 ? depthwiseConv(3)(g.scope('after'), wide, { stride }) : wide;
  return whole && !alone ? g.add('add', x, y) : y;
};

const LARGEST_REDUCTION = 6;

const bottleneck = (channels: number, outChannels: number, reduction: number): number => {
  const hidden = Math.floor(channels / reduction);
  const least = outChannels / LARGEST_REDUCTION;
  return hidden < least ? makeDivisible(Math.ceil(least), 16) : hidden;
};

const divisorAt = (width: number): number => (width === 0.1 ? 4 : 8);
