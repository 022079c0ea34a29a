import { z } from 'zod';
import { GraphBuilder } from '../../harness/graph/build/builder.js';
import { convBnAct } from '../conv-bn.js';
import { defineNetwork } from '../define.js';
import { classify } from './classifier.js';
import { invertedResiduals, row } from './inverted-residuals.js';
import { resolutionOption, stemStride } from './resolution.js';
import { headWidthOption, makeDivisible, widthOption } from './width.js';

const STEM_WIDTH = 32;
const HEAD_WIDTH = 1280;

const STAGES = [
  row(1, 3, 16, 1, 1),
  row(6, 3, 24, 2, 2),
  row(6, 3, 32, 3, 2),
  row(6, 3, 64, 4, 2),
  row(6, 3, 96, 3, 1),
  row(6, 3, 160, 3, 2),
  row(6, 3, 320, 1, 1),
];

export const mobilenetV2 = defineNetwork({
  id: 'mobilenet-v2',
  summary: 'MobileNetV2: inverted residuals with linear bottlenecks.',
  paper: 'Sandler et al. 2018 (MobileNetV2), arXiv:1801.04381',
  published: {
    params: '3.47M',
    macs: '300M',
    top1: 71.8,
    source: 'github.com/tensorflow/models, slim/nets/mobilenet/README.md',
    differs: 'The printed parameters leave out batch norms; 300.8M multiply-adds are printed as 300M.',
  },
  options: z.strictObject({
    ...resolutionOption,
    ...headWidthOption,
    width: widthOption('Rounded to multiples of 8; the head keeps its width below 1.'),
  }),
  build: ({ input, classes }, { resolution, headWidth, width }) => {
    const g = GraphBuilder.create();
    const stages = STAGES.map((stage) => ({
      ...stage,
      outChannels: makeDivisible(stage.outChannels * width),
    }));
    const stem = {
      outChannels: makeDivisible(STEM_WIDTH * width),
      kernel: 3,
      stride: stemStride(resolution),
    };
    const entry = convBnAct(g.scope('stem'), g.input(input), stem, 'relu6');
    const features = invertedResiduals(g, entry, stages, 'relu6');
    const head = g.scope('head');
    const publishedWidth = makeDivisible(HEAD_WIDTH * Math.max(1, width));
    const wide = convBnAct(head, features, { outChannels: headWidth ?? publishedWidth, kernel: 1 }, 'relu6');
    return g.finish(classify(head, wide, classes));
  },
});
