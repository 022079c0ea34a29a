import { z } from 'zod';
import { GraphBuilder } from '../../harness/graph/build/builder.js';
import { convBnAct } from '../conv-bn.js';
import { defineNetwork } from '../define.js';
import { classify } from './classifier.js';
import { EFFICIENTNET_STAGES } from './efficientnet.js';
import { invertedResiduals } from './inverted-residuals.js';
import { resolutionOption, stemStride } from './resolution.js';
import { depthOption, headWidthOption, makeDivisible, widthOption } from './width.js';

const STEM_WIDTH = 32;
const HEAD_WIDTH = 1280;

export const efficientnetLite0 = defineNetwork({
  id: 'efficientnet-lite0',
  summary:
    'EfficientNet-Lite0: B0 with ReLU6 and without squeeze and excitation; other sizes by width and depth.',
  paper: 'Tan and Le 2019 (EfficientNet), arXiv:1905.11946; github.com/tensorflow/tpu, efficientnet/lite',
  published: {
    params: '4.7M',
    macs: '407M',
    top1: 75.1,
    source: 'github.com/tensorflow/tpu, efficientnet/lite/README.md',
    differs: 'Printed 407M, exact 385.2M; cause not found.',
  },
  options: z.strictObject({
    ...resolutionOption,
    ...headWidthOption,
    width: widthOption('Rounded to multiples of 8; stem and head keep their widths.'),
    depth: depthOption(1),
  }),
  build: ({ input, classes }, { resolution, headWidth = HEAD_WIDTH, width, depth }) => {
    const g = GraphBuilder.create();
    const last = EFFICIENTNET_STAGES.length - 1;
    const stages = EFFICIENTNET_STAGES.map((stage, s) => ({
      ...stage,
      squeeze: false,
      outChannels: makeDivisible(stage.outChannels * width),
      // The first and the last stage keep their depths.
      repeats: s === 0 || s === last ? stage.repeats : Math.ceil(stage.repeats * depth),
    }));
    const stem = { outChannels: STEM_WIDTH, kernel: 3, stride: stemStride(resolution) };
    const entry = convBnAct(g.scope('stem'), g.input(input), stem, 'relu6');
    const features = invertedResiduals(g, entry, stages, 'relu6');
    const head = g.scope('head');
    const wide = convBnAct(head, features, { outChannels: headWidth, kernel: 1 }, 'relu6');
    return g.finish(classify(head, wide, classes));
  },
});
