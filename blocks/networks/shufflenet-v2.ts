import { z } from 'zod';
import { GraphBuilder } from '../../harness/graph/build/builder.js';
import { shuffleNetV2UnitBlock } from '../basic/shufflenet-v2-unit.js';
import { convBnAct } from '../conv-bn.js';
import { defineNetwork } from '../define.js';
import { classify } from './classifier.js';
import { resolutionOption, stemStride } from './resolution.js';
import { buildStages } from './stages.js';
import { headWidthOption } from './width.js';

const STEM_WIDTH = 24;

const REPEATS = [4, 8, 4];

/** Width of the first stage, which doubles from stage to stage, and of the head. */
const WIDTHS = { 0.5: [48, 1024], 1: [116, 1024], 1.5: [176, 1024], 2: [244, 2048] } as const;

export const shufflenetV2 = defineNetwork({
  id: 'shufflenet-v2',
  summary: 'ShuffleNetV2: channel split instead of grouped convolutions, and channel shuffle.',
  paper: 'Ma et al. 2018 (ShuffleNetV2), arXiv:1807.11164',
  published: {
    params: '2.3M',
    macs: '146M',
    top1: 69.4,
    source: 'arXiv:1807.11164',
    differs: 'Printed 146M, exact 144.9M; cause not found.',
  },
  options: z.strictObject({
    ...resolutionOption,
    ...headWidthOption,
    width: z.literal([0.5, 1, 1.5, 2]).default(1).describe('One of the published widths.'),
  }),
  build: ({ input, classes }, { resolution, headWidth, width }) => {
    const [firstStage, publishedWidth] = WIDTHS[width];
    const g = GraphBuilder.create();
    const stem = { outChannels: STEM_WIDTH, kernel: 3, stride: stemStride(resolution) };
    const entry = convBnAct(g.scope('stem'), g.input(input), stem, 'relu');
    const pooled = g.maxPool('stem.pool', entry, { kernel: 3, stride: 2, padding: 1 });
    const stages = REPEATS.map((repeats, s) => ({ outChannels: firstStage * 2 ** s, repeats, stride: 2 }));
    const features = buildStages(g, pooled, stages, (scope, x, { outChannels, stride }) =>
      shuffleNetV2UnitBlock(scope, x, { outChannels, stride, activation: 'relu' }),
    );
    const head = g.scope('head');
    const wide = convBnAct(head, features, { outChannels: headWidth ?? publishedWidth, kernel: 1 }, 'relu');
    return g.finish(classify(head, wide, classes));
  },
});
