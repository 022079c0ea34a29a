/** RepVGG (Ding et al. 2021, arXiv:2101.03697). */
import { z } from 'zod';
import { GraphBuilder } from '../../harness/graph/build/builder.js';
import { repVggBlock } from '../basic/repvgg.js';
import { defineNetwork } from '../define.js';
import { classify } from './classifier.js';
import { resolutionOption, stemStride } from './resolution.js';
import { buildStages, type Stage } from './stages.js';

const STEM_WIDTH = 48;

const STAGES: readonly Stage[] = [
  { outChannels: 48, repeats: 2, stride: 2 },
  { outChannels: 96, repeats: 4, stride: 2 },
  { outChannels: 192, repeats: 14, stride: 2 },
  { outChannels: 1280, repeats: 1, stride: 2 },
];

export const repvggA0 = defineNetwork({
  id: 'repvgg-a0',
  summary:
    'RepVGG-A0: a plain stack of dense 3x3 convolutions at inference; 3x3, 1x1 and identity branches in training.',
  paper: 'Ding et al. 2021 (RepVGG), arXiv:2101.03697',
  published: {
    params: '8.31M',
    macs: '1.36G',
    top1: 72.4,
    form: 'deploy',
    source: 'github.com/open-mmlab/mmpretrain',
  },
  mergeable: true,
  options: z.strictObject(resolutionOption),
  build: ({ input, classes }, { resolution }) => {
    const g = GraphBuilder.create();
    const unit = repVggBlock(3);
    const stem = unit(g.scope('stem'), g.input(input), {
      outChannels: STEM_WIDTH,
      stride: stemStride(resolution),
      activation: 'relu',
    });
    const features = buildStages(g, stem, STAGES, (scope, x, { outChannels, stride }) =>
      unit(scope, x, { outChannels, stride, activation: 'relu' }),
    );
    return g.finish(classify(g.scope('head'), features, classes));
  },
});
