import { z } from 'zod';
import { GraphBuilder } from '../../harness/graph/build/builder.js';
import { dsConvBlock } from '../basic/ds-conv.js';
import { convBnAct } from '../conv-bn.js';
import { defineNetwork } from '../define.js';
import { classify } from './classifier.js';
import { resolutionOption, stemStride } from './resolution.js';
import { buildStages, type Stage } from './stages.js';
import { widthOption } from './width.js';

const STEM_WIDTH = 32;

const STAGES: readonly Stage[] = [
  { outChannels: 64, repeats: 1, stride: 1 },
  { outChannels: 128, repeats: 2, stride: 2 },
  { outChannels: 256, repeats: 2, stride: 2 },
  { outChannels: 512, repeats: 6, stride: 2 },
  { outChannels: 1024, repeats: 2, stride: 2 },
];

/** ReLU6 as in the authors' code; the paper writes ReLU. */
export const mobilenetV1 = defineNetwork({
  id: 'mobilenet-v1',
  summary: 'MobileNetV1: a plain stack of depthwise separable convolutions.',
  paper: 'Howard et al. 2017 (MobileNets), arXiv:1704.04861',
  published: {
    params: '4.24M',
    macs: '569M',
    top1: 70.9,
    source: 'github.com/tensorflow/models, slim/nets/mobilenet_v1.md',
    differs: 'The printed parameters fit 1001 classes and three values stored per channel of a batch norm.',
  },
  options: z.strictObject({ ...resolutionOption, width: widthOption('Rounded down, at least 8.') }),
  build: ({ input, classes }, { resolution, width }) => {
    const scaled = (channels: number) => Math.max(8, Math.floor(channels * width));
    const g = GraphBuilder.create();
    const stem = { outChannels: scaled(STEM_WIDTH), kernel: 3, stride: stemStride(resolution) };
    const entry = convBnAct(g.scope('stem'), g.input(input), stem, 'relu6');
    const features = buildStages(g, entry, STAGES, (scope, x, { outChannels, stride }) =>
      dsConvBlock(3)(scope, x, { outChannels: scaled(outChannels), stride, activation: 'relu6' }),
    );
    return g.finish(classify(g.scope('head'), features, classes));
  },
});
