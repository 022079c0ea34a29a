/** StarNet (Ma et al. 2024, arXiv:2403.19967): a width and a depth of each stage for every size. */
import { z } from 'zod';
import { type Conv2dOptions, GraphBuilder, type Value } from '../../harness/graph/build/builder.js';
import type { Graph } from '../../harness/graph/graph.js';
import { starNetBlock } from '../basic/starnet.js';
import { convBn } from '../conv-bn.js';
import { defineNetwork } from '../define.js';
import type { NetworkSite } from '../part.js';
import { classify } from './classifier.js';
import { type Resolution, resolutionOption, stemStride } from './resolution.js';

const STEM_WIDTH = 32;

interface Size {
  readonly resolution: Resolution;
  /** Channels of the first stage; every stage doubles them. */
  readonly width: number;
  readonly repeats: readonly number[];
}

const paper = 'Ma et al. 2024 (StarNet), arXiv:2403.19967';

const options = z.strictObject(resolutionOption);

export const starnetS1 = defineNetwork({
  id: 'starnet-s1',
  summary: 'StarNet-S1: two 1x1 convolutions multiplied in every block; width 24.',
  paper,
  published: {
    params: '2.9M',
    macs: '425M',
    top1: 73.6,
    source: 'github.com/ma-xu/Rewrite-the-Stars',
    differs: 'Printed 425M, exact 421.9M; cause not found.',
  },
  options,
  build: (site, { resolution }) => starNet(site, { resolution, width: 24, repeats: [2, 2, 8, 3] }),
});

export const starnetS2 = defineNetwork({
  id: 'starnet-s2',
  summary: 'StarNet-S2: two 1x1 convolutions multiplied in every block; width 32, 11 blocks.',
  paper,
  options,
  build: (site, { resolution }) => starNet(site, { resolution, width: 32, repeats: [1, 2, 6, 2] }),
});

export const starnetS3 = defineNetwork({
  id: 'starnet-s3',
  summary: 'StarNet-S3: two 1x1 convolutions multiplied in every block; width 32, 16 blocks.',
  paper,
  options,
  build: (site, { resolution }) => starNet(site, { resolution, width: 32, repeats: [2, 2, 8, 4] }),
});

export const starnetS4 = defineNetwork({
  id: 'starnet-s4',
  summary: 'StarNet-S4: two 1x1 convolutions multiplied in every block; width 32, 23 blocks.',
  paper,
  options,
  build: (site, { resolution }) => starNet(site, { resolution, width: 32, repeats: [3, 3, 12, 5] }),
});

/** Convolutions have a bias, also those before a batch norm. The subsampling layers have no activation. */
const starNet = ({ input, classes }: NetworkSite, { resolution, width, repeats }: Size): Graph => {
  const subsample = (outChannels: number, stride: number): Conv2dOptions => ({
    outChannels,
    kernel: 3,
    stride,
    bias: true,
  });
  const g = GraphBuilder.create();
  const stem = convBn(g.scope('stem'), g.input(input), subsample(STEM_WIDTH, stemStride(resolution)));
  let x: Value = g.activation('stem.act', stem, 'relu6');
  for (const [s, blocks] of repeats.entries()) {
    const stage = g.scope('stages').scope(s);
    const outChannels = width * 2 ** s;
    x = convBn(stage.scope('subsample'), x, subsample(outChannels, 2));
    const block = starNetBlock({ hidden: 4 * outChannels, kernel: 7 });
    for (let b = 0; b < blocks; b += 1) {
      x = block(stage.scope('blocks').scope(b), x, { outChannels, stride: 1, activation: 'relu6' });
    }
  }
  const head = g.scope('head');
  return g.finish(classify(head, head.batchNorm('bn', x), classes));
};
