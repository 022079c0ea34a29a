/** EfficientNet: one table, scaled in width and depth together. */
import { z } from 'zod';
import { GraphBuilder } from '../../harness/graph/build/builder.js';
import type { Graph } from '../../harness/graph/graph.js';
import { convBnAct } from '../conv-bn.js';
import { defineNetwork } from '../define.js';
import type { NetworkSite } from '../part.js';
import { classify } from './classifier.js';
import { invertedResiduals, row } from './inverted-residuals.js';
import { resolutionOption, stemStride } from './resolution.js';
import { depthOption, headWidthOption, makeDivisible, widthOption } from './width.js';

const STEM_WIDTH = 32;

/** Expansion, kernel, channels, repeats and stride; EfficientNet-Lite has the same without squeeze and excitation. */
export const EFFICIENTNET_STAGES = [
  row(1, 3, 16, 1, 1, true),
  row(6, 3, 24, 2, 2, true),
  row(6, 5, 40, 2, 2, true),
  row(6, 3, 80, 3, 2, true),
  row(6, 5, 112, 3, 1, true),
  row(6, 5, 192, 4, 2, true),
  row(6, 3, 320, 1, 1, true),
];

const paper = 'Tan and Le 2019 (EfficientNet), arXiv:1905.11946';

const options = (depth: number) =>
  z.strictObject({
    ...resolutionOption,
    ...headWidthOption,
    width: widthOption('Rounded to multiples of 8.'),
    depth: depthOption(depth),
  });

export const efficientnetB0 = defineNetwork({
  id: 'efficientnet-b0',
  summary: 'EfficientNet-B0: MBConv with squeeze and excitation; other sizes by width and depth.',
  paper,
  published: { params: '5.3M', macs: '0.39B', top1: 77.1, source: 'arXiv:1905.11946' },
  options: options(1),
  build: (site, scale) => efficientNet(site, scale),
});

export const efficientnetB1 = defineNetwork({
  id: 'efficientnet-b1',
  summary: 'EfficientNet-B1: B0 with 1.1 times the depth, for images of 240 pixels.',
  paper,
  published: {
    params: '7794184',
    macs: '0.687G',
    top1: 78.642,
    size: 240,
    source: 'torchvision, EfficientNet_B1_Weights.IMAGENET1K_V1',
  },
  options: options(1.1),
  build: (site, scale) => efficientNet(site, scale),
});

type Scale = z.output<ReturnType<typeof options>>;

const efficientNet = (
  { input, classes }: NetworkSite,
  { resolution, headWidth, width, depth }: Scale,
): Graph => {
  const g = GraphBuilder.create();
  const stages = EFFICIENTNET_STAGES.map((stage) => ({
    ...stage,
    outChannels: makeDivisible(stage.outChannels * width),
    repeats: Math.ceil(stage.repeats * depth),
  }));
  const stem = { outChannels: makeDivisible(STEM_WIDTH * width), kernel: 3, stride: stemStride(resolution) };
  const entry = convBnAct(g.scope('stem'), g.input(input), stem, 'silu');
  const features = invertedResiduals(g, entry, stages, 'silu');
  const head = g.scope('head');
  const wide = convBnAct(
    head,
    features,
    { outChannels: headWidth ?? 4 * features.shape[0], kernel: 1 },
    'silu',
  );
  return g.finish(classify(head, wide, classes));
};
