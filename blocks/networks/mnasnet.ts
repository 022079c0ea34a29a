import { z } from 'zod';
import { GraphBuilder, type Value } from '../../harness/graph/build/builder.js';
import type { Graph } from '../../harness/graph/graph.js';
import { convBn, convBnAct } from '../conv-bn.js';
import { defineNetwork } from '../define.js';
import type { NetworkSite } from '../part.js';
import { classify } from './classifier.js';
import { type InvertedResidualStage, invertedResiduals, row } from './inverted-residuals.js';
import { resolutionOption, stemStride } from './resolution.js';
import { headWidthOption, makeDivisible, widthOption } from './width.js';

const STEM_WIDTH = 32;
const SEPARABLE_WIDTH = 16;
const HEAD_WIDTH = 1280;

const A1 = [
  row(6, 3, 24, 2, 2),
  row(3, 5, 40, 3, 2, true),
  row(6, 3, 80, 4, 2),
  row(6, 3, 112, 2, 1, true),
  row(6, 5, 160, 3, 2, true),
  row(6, 3, 320, 1, 1),
];

const B1 = [
  row(3, 3, 24, 3, 2),
  row(3, 5, 40, 3, 2),
  row(6, 5, 80, 3, 2),
  row(6, 3, 96, 2, 1),
  row(6, 5, 192, 4, 2),
  row(6, 3, 320, 1, 1),
];

const paper = 'Tan et al. 2018 (MnasNet), arXiv:1807.11626';

const options = z.strictObject({
  ...resolutionOption,
  ...headWidthOption,
  width: widthOption('Rounded to multiples of 8; the head keeps its width.'),
});

export const mnasnetA1 = defineNetwork({
  id: 'mnasnet-a1',
  summary:
    'MnasNet-A1: inverted residuals found by architecture search, with squeeze and excitation in some stages.',
  paper,
  published: {
    params: '3.9M',
    macs: '312M',
    top1: 75.2,
    source: 'github.com/tensorflow/tpu, models/official/mnasnet',
  },
  options,
  build: (site, scale) => mnasNet(site, A1, scale),
});

export const mnasnetB1 = defineNetwork({
  id: 'mnasnet-b1',
  summary: 'MnasNet-B1: inverted residuals found by architecture search, without squeeze and excitation.',
  paper,
  published: {
    params: '4383312',
    macs: '0.314G',
    top1: 73.456,
    source: 'torchvision, MNASNet1_0_Weights.IMAGENET1K_V1',
  },
  options,
  build: (site, scale) => mnasNet(site, B1, scale),
});

const mnasNet = (
  { input, classes }: NetworkSite,
  table: readonly InvertedResidualStage[],
  { resolution, headWidth = HEAD_WIDTH, width }: z.output<typeof options>,
): Graph => {
  const scaled = (channels: number) => makeDivisible(channels * width);
  const g = GraphBuilder.create();
  const stem = { outChannels: scaled(STEM_WIDTH), kernel: 3, stride: stemStride(resolution) };
  const entry = convBnAct(g.scope('stem'), g.input(input), stem, 'relu');
  const separated = separable(g.scope('separable'), entry, scaled(SEPARABLE_WIDTH));
  const stages = table.map((stage) => ({ ...stage, outChannels: scaled(stage.outChannels) }));
  const features = invertedResiduals(g, separated, stages, 'relu');
  const head = g.scope('head');
  const wide = convBnAct(head, features, { outChannels: headWidth, kernel: 1 }, 'relu');
  return g.finish(classify(head, wide, classes));
};

/** Depthwise and linear pointwise, without a shortcut at any width. */
const separable = (g: GraphBuilder, x: Value, outChannels: number): Value => {
  const [channels] = x.shape;
  const mixed = convBnAct(
    g.scope('depthwise'),
    x,
    { outChannels: channels, kernel: 3, groups: channels },
    'relu',
  );
  return convBn(g.scope('pointwise'), mixed, { outChannels, kernel: 1 });
};
