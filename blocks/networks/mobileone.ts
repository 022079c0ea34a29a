/** MobileOne (Vasu et al. 2022, arXiv:2206.04040): one table, with widths of its own for every size. */
import { z } from 'zod';
import { GraphBuilder } from '../../harness/graph/build/builder.js';
import type { Graph } from '../../harness/graph/graph.js';
import { mobileOneBlock } from '../basic/mobileone.js';
import { repVggBlock } from '../basic/repvgg.js';
import { defineNetwork } from '../define.js';
import type { NetworkSite } from '../part.js';
import { classify } from './classifier.js';
import { type Resolution, resolutionOption, stemStride } from './resolution.js';
import { buildStages } from './stages.js';

const REPEATS = [2, 8, 10, 1] as const;

interface Size {
  readonly resolution: Resolution;
  readonly widths: readonly [number, number, number, number];
  readonly branches: number;
}

const paper = 'Vasu et al. 2022 (MobileOne), arXiv:2206.04040';

const source = 'github.com/apple/ml-mobileone; costs: github.com/open-mmlab/mmpretrain';

const options = z.strictObject(resolutionOption);

export const mobileoneS0 = defineNetwork({
  id: 'mobileone-s0',
  summary:
    'MobileOne-S0: depthwise and pointwise convolutions at inference, four branches of each in training.',
  paper,
  published: {
    params: '2.08M',
    macs: '0.27G',
    top1: 71.4,
    form: 'deploy',
    source,
    differs: 'Printed 0.27G is cut off, exact 0.2751G.',
  },
  mergeable: true,
  options,
  build: (site, { resolution }) => mobileOne(site, { resolution, widths: [48, 128, 256, 1024], branches: 4 }),
});

export const mobileoneS1 = defineNetwork({
  id: 'mobileone-s1',
  summary: 'MobileOne-S1: wider than S0, one branch besides 1x1 and identity.',
  paper,
  published: {
    params: '4.76M',
    macs: '0.82G',
    top1: 75.9,
    form: 'deploy',
    source,
    differs: 'Printed 0.82G is cut off, exact 0.8251G.',
  },
  mergeable: true,
  options,
  build: (site, { resolution }) => mobileOne(site, { resolution, widths: [96, 192, 512, 1280], branches: 1 }),
});

export const mobileoneS2 = defineNetwork({
  id: 'mobileone-s2',
  summary: 'MobileOne-S2: wider than S1, one branch besides 1x1 and identity.',
  paper,
  mergeable: true,
  options,
  build: (site, { resolution }) => mobileOne(site, { resolution, widths: [96, 256, 640, 2048], branches: 1 }),
});

/** The stem has one 3x3 branch at every size, which makes it a RepVGG unit, and at most 64 channels. */
const mobileOne = ({ input, classes }: NetworkSite, { resolution, widths, branches }: Size): Graph => {
  const g = GraphBuilder.create();
  const stages = widths.map((outChannels, s) => ({ outChannels, repeats: REPEATS[s] ?? 0, stride: 2 }));
  const stemWidth = Math.min(64, widths[0]);
  const stem = { outChannels: stemWidth, stride: stemStride(resolution), activation: 'relu' } as const;
  const entry = repVggBlock(3)(g.scope('stem'), g.input(input), stem);
  const features = buildStages(g, entry, stages, (scope, x, { outChannels, stride }) =>
    mobileOneBlock({ kernel: 3, branches })(scope, x, { outChannels, stride, activation: 'relu' }),
  );
  return g.finish(classify(g.scope('head'), features, classes));
};
