import { z } from 'zod';
import { GraphBuilder } from '../../harness/graph/build/builder.js';
import type { Graph } from '../../harness/graph/graph.js';
import { ghostBottleneckBlock } from '../basic/ghost-bottleneck.js';
import { type FeatureModule, ghostModule } from '../basic/ghost-module.js';
import { convBnAct } from '../conv-bn.js';
import { defineNetwork } from '../define.js';
import type { NetworkSite } from '../part.js';
import { type Resolution, resolutionOption, stemStride } from './resolution.js';
import { headWidthOption, makeDivisible, widthOption } from './width.js';

/** One bottleneck. */
interface Row {
  readonly kernel: number;
  readonly hidden: number;
  readonly outChannels: number;
  readonly stride: number;
  readonly squeeze: boolean;
}

const row = (kernel: number, hidden: number, outChannels: number, stride: number, squeeze = false): Row => ({
  kernel,
  hidden,
  outChannels,
  stride,
  squeeze,
});

const ROWS: readonly Row[] = [
  row(3, 16, 16, 1),
  row(3, 48, 24, 2),
  row(3, 72, 24, 1),
  row(5, 72, 40, 2, true),
  row(5, 120, 40, 1, true),
  row(3, 240, 80, 2),
  row(3, 200, 80, 1),
  row(3, 184, 80, 1),
  row(3, 184, 80, 1),
  row(3, 480, 112, 1, true),
  row(3, 672, 112, 1, true),
  row(5, 672, 160, 2, true),
  row(5, 960, 160, 1),
  row(5, 960, 160, 1, true),
  row(5, 960, 160, 1),
  row(5, 960, 160, 1, true),
];

const STEM_WIDTH = 16;
const HEAD_WIDTH = 960;
const TAIL_WIDTH = 1280;

export const ghostNetOptions = {
  ...resolutionOption,
  ...headWidthOption,
  width: widthOption('Rounded to multiples of 4; the last width, 1280, stays.'),
};

export interface GhostNet {
  readonly resolution: Resolution;
  readonly headWidth?: number | undefined;
  readonly width: number;
  readonly module: FeatureModule;
  /** Widths between the two modules of every bottleneck, where they are not those of GhostNet. */
  readonly hidden?: readonly number[];
}

/** GhostNet around any module in the place of its own. Squeeze and excitation is to a quarter of the hidden width. */
export const ghostNet = (
  { input, classes }: NetworkSite,
  {
    resolution,
    headWidth = TAIL_WIDTH,
    width,
    module,
    hidden: widths = ROWS.map(({ hidden }) => hidden),
  }: GhostNet,
): Graph => {
  const scaled = (channels: number): number => makeDivisible(channels * width, 4);
  const g = GraphBuilder.create();
  const stem = { outChannels: scaled(STEM_WIDTH), kernel: 3, stride: stemStride(resolution) };
  let x = convBnAct(g.scope('stem'), g.input(input), stem, 'relu');
  for (const [b, { kernel, outChannels, stride, squeeze }] of ROWS.entries()) {
    const hidden = scaled(widths[b] ?? 0);
    const squeezed = squeeze ? makeDivisible(hidden / 4, 4) : 0;
    const block = ghostBottleneckBlock({ module, hidden, kernel, squeezed });
    x = block(g.scope('blocks').scope(b), x, {
      outChannels: scaled(outChannels),
      stride,
      activation: 'relu',
    });
  }
  const head = g.scope('head');
  const wide = convBnAct(head, x, { outChannels: scaled(HEAD_WIDTH), kernel: 1 }, 'relu');
  const pooled = head.globalAvgPool('pool', wide);
  const tail = head.conv2d('tail.conv', pooled, { outChannels: headWidth, kernel: 1, bias: true });
  const features = head.flatten('flatten', head.activation('tail.act', tail, 'relu'));
  return g.finish(head.dense('classifier', features, classes));
};

export const ghostnet = defineNetwork({
  id: 'ghostnet',
  summary: 'GhostNet: the blocks of MobileNetV3 with ghost modules instead of 1x1 convolutions.',
  paper: 'Han et al. 2020 (GhostNet), arXiv:1911.11907',
  published: {
    macs: '142M',
    top1: 73.98,
    source: 'github.com/huawei-noah/Efficient-AI-Backbones',
    differs: 'Printed 142M, exact 141.2M; cause not found.',
  },
  options: z.strictObject(ghostNetOptions),
  build: (site, scale) => ghostNet(site, { ...scale, module: ghostModule({ ratio: 2, cheapKernel: 3 }) }),
});
