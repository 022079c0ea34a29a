/** FasterNet (Chen et al. 2023, arXiv:2303.03667): one table, with a width and an activation for every size. */
import { z } from 'zod';
import { GraphBuilder, type Value } from '../../harness/graph/build/builder.js';
import type { Graph } from '../../harness/graph/graph.js';
import type { ActivationFunction } from '../../harness/graph/operations/ops.js';
import { fasterNetBlock } from '../basic/fasternet.js';
import { convBn } from '../conv-bn.js';
import { defineNetwork } from '../define.js';
import type { NetworkSite } from '../part.js';
import { resolutionOption, stemStride } from './resolution.js';
import { headWidthOption } from './width.js';

const REPEATS = [1, 2, 8, 2];

const HEAD_WIDTH = 1280;

interface Size {
  /** Channels of the first stage; every stage doubles them. */
  readonly width: number;
  readonly activation: ActivationFunction;
}

const paper = 'Chen et al. 2023 (FasterNet), arXiv:2303.03667';

const source = 'github.com/JierunChen/FasterNet';

const options = z.strictObject({ ...resolutionOption, ...headWidthOption });

export const fasternetT0 = defineNetwork({
  id: 'fasternet-t0',
  summary: 'FasterNet-T0: partial convolutions and 1x1 convolutions, width 40.',
  paper,
  published: { params: '3.9M', macs: '0.34G', top1: 71.9, source },
  options,
  build: (site, form) => fasterNet(site, form, { width: 40, activation: 'gelu' }),
});

export const fasternetT1 = defineNetwork({
  id: 'fasternet-t1',
  summary: 'FasterNet-T1: partial convolutions and 1x1 convolutions, width 64.',
  paper,
  published: { params: '7.6M', macs: '0.85G', top1: 76.2, source },
  options,
  build: (site, form) => fasterNet(site, form, { width: 64, activation: 'gelu' }),
});

export const fasternetT2 = defineNetwork({
  id: 'fasternet-t2',
  summary: 'FasterNet-T2: partial convolutions and 1x1 convolutions, width 96, ReLU.',
  paper,
  published: { params: '15.0M', macs: '1.90G', top1: 78.9, source },
  options,
  build: (site, form) => fasterNet(site, form, { width: 96, activation: 'relu' }),
});

/** The subsampling layers have a norm and no activation, the head an activation and no norm. */
const fasterNet = (
  { input, classes }: NetworkSite,
  { resolution, headWidth = HEAD_WIDTH }: z.output<typeof options>,
  { width, activation }: Size,
): Graph => {
  const g = GraphBuilder.create();
  const stride = 2 * stemStride(resolution);
  const embed = { outChannels: width, kernel: 4, stride, padding: (4 - stride) / 2 };
  let x: Value = convBn(g.scope('stem'), g.input(input), embed);
  for (const [s, repeats] of REPEATS.entries()) {
    const stage = g.scope('stages').scope(s);
    const outChannels = width * 2 ** s;
    const merge = { outChannels, kernel: 2, stride: 2, padding: 0 };
    if (s > 0) x = convBn(stage.scope('subsample'), x, merge);
    const block = fasterNetBlock({ hidden: 2 * outChannels, kernel: 3, divisor: 4 });
    for (let b = 0; b < repeats; b += 1) {
      x = block(stage.scope('blocks').scope(b), x, { outChannels, stride: 1, activation });
    }
  }
  const head = g.scope('head');
  const wide = head.conv2d('conv', head.globalAvgPool('pool', x), { outChannels: headWidth, kernel: 1 });
  const features = head.flatten('flatten', head.activation('act', wide, activation));
  return g.finish(head.dense('classifier', features, classes));
};
