import { z } from 'zod';
import { GraphBuilder, type Value } from '../../harness/graph/build/builder.js';
import type { Graph } from '../../harness/graph/graph.js';
import type { ActivationFunction } from '../../harness/graph/operations/ops.js';
import { invertedResidualBlock } from '../basic/inverted-residual.js';
import { squeezeExcite } from '../basic/squeeze-excite.js';
import { convBnAct } from '../conv-bn.js';
import { defineNetwork } from '../define.js';
import type { NetworkSite } from '../part.js';
import { resolutionOption, stemStride } from './resolution.js';
import { headWidthOption, makeDivisible, widthOption } from './width.js';

/** One block. The table of the paper gives expanded widths, not ratios. */
interface Row {
  readonly kernel: number;
  readonly hidden: number;
  readonly outChannels: number;
  readonly squeeze: boolean;
  readonly activation: ActivationFunction;
  readonly stride: number;
}

const row =
  (activation: ActivationFunction) =>
  (kernel: number, hidden: number, outChannels: number, stride: number, squeeze = false): Row => ({
    kernel,
    hidden,
    outChannels,
    squeeze,
    activation,
    stride,
  });

const [re, hs] = [row('relu'), row('hard-swish')];

const STEM_WIDTH = 16;

interface Table {
  readonly rows: readonly Row[];
  readonly headWidth: number;
  readonly tailWidth: number;
}

const LARGE: Table = {
  rows: [
    re(3, 16, 16, 1),
    re(3, 64, 24, 2),
    re(3, 72, 24, 1),
    re(5, 72, 40, 2, true),
    re(5, 120, 40, 1, true),
    re(5, 120, 40, 1, true),
    hs(3, 240, 80, 2),
    hs(3, 200, 80, 1),
    hs(3, 184, 80, 1),
    hs(3, 184, 80, 1),
    hs(3, 480, 112, 1, true),
    hs(3, 672, 112, 1, true),
    hs(5, 672, 160, 2, true),
    hs(5, 960, 160, 1, true),
    hs(5, 960, 160, 1, true),
  ],
  headWidth: 960,
  tailWidth: 1280,
};

const SMALL: Table = {
  rows: [
    re(3, 16, 16, 2, true),
    re(3, 72, 24, 2),
    re(3, 88, 24, 1),
    hs(5, 96, 40, 2, true),
    hs(5, 240, 40, 1, true),
    hs(5, 240, 40, 1, true),
    hs(5, 120, 48, 1, true),
    hs(5, 144, 48, 1, true),
    hs(5, 288, 96, 2, true),
    hs(5, 576, 96, 1, true),
    hs(5, 576, 96, 1, true),
  ],
  headWidth: 576,
  tailWidth: 1024,
};

const options = z.strictObject({
  ...resolutionOption,
  ...headWidthOption,
  width: widthOption('Rounded to multiples of 8.'),
  scaling: z
    .enum(['timm', 'torchvision'])
    .default('timm')
    .describe(
      'How the width multiplier applies. timm: expansion ratios and the last width stay fixed, and so does the stem below 0.75, which gives the published costs; torchvision: every width is scaled.',
    ),
});

const paper = 'Howard et al. 2019 (MobileNetV3), arXiv:1905.02244';

export const mobilenetV3Large = defineNetwork({
  id: 'mobilenet-v3-large',
  summary:
    'MobileNetV3-Large: inverted residuals found by architecture search, with h-swish and squeeze and excitation.',
  paper,
  published: {
    params: '5.4M',
    macs: '217M',
    top1: 75.2,
    source: 'arXiv:1905.02244',
    differs: 'Exact 5.48M parameters.',
  },
  options,
  build: (site, form) => mobileNetV3(site, LARGE, form),
});

export const mobilenetV3Small = defineNetwork({
  id: 'mobilenet-v3-small',
  summary:
    'MobileNetV3-Small: inverted residuals found by architecture search, with h-swish and squeeze and excitation.',
  paper,
  published: {
    params: '2.9M',
    macs: '66M',
    top1: 67.5,
    source: 'github.com/tensorflow/models, slim/nets/mobilenet/README.md',
    differs: 'Exact 2.54M and 56.5M; cause not found.',
  },
  options,
  build: (site, form) => mobileNetV3(site, SMALL, form),
});

interface Scaled extends Table {
  readonly stemWidth: number;
}

const SCALINGS: Record<'timm' | 'torchvision', (table: Table, width: number) => Scaled> = {
  timm: ({ rows, headWidth, tailWidth }, width) => {
    const stemWidth = width < 0.75 ? STEM_WIDTH : makeDivisible(STEM_WIDTH * width);
    let [inTable, inScaled] = [STEM_WIDTH, stemWidth];
    const scaled = rows.map((row) => {
      const hidden = makeDivisible(inScaled * (row.hidden / inTable));
      const outChannels = makeDivisible(row.outChannels * width);
      [inTable, inScaled] = [row.outChannels, outChannels];
      return { ...row, hidden, outChannels };
    });
    return { rows: scaled, stemWidth, headWidth: makeDivisible(headWidth * width), tailWidth };
  },
  torchvision: ({ rows, tailWidth }, width) => {
    const scaled = (channels: number) => makeDivisible(channels * width);
    const scaledRows = rows.map((row) => ({
      ...row,
      hidden: scaled(row.hidden),
      outChannels: scaled(row.outChannels),
    }));
    const last = scaledRows.at(-1)?.outChannels ?? 0;
    return {
      rows: scaledRows,
      stemWidth: scaled(STEM_WIDTH),
      headWidth: 6 * last,
      tailWidth: scaled(tailWidth),
    };
  },
};

const TENSORFLOW_EPSILON = 1e-3;

const mobileNetV3 = (
  { input, classes }: NetworkSite,
  published: Table,
  { resolution, headWidth, width, scaling }: z.output<typeof options>,
): Graph => {
  const table = SCALINGS[scaling](published, width);
  const g = GraphBuilder.create({ epsilon: TENSORFLOW_EPSILON });
  const stem = { outChannels: table.stemWidth, kernel: 3, stride: stemStride(resolution) };
  let x = convBnAct(g.scope('stem'), g.input(input), stem, 'hard-swish');
  for (const [b, row] of table.rows.entries()) x = block(g.scope('blocks').scope(b), x, row);
  const head = g.scope('head');
  const wide = convBnAct(head, x, { outChannels: table.headWidth, kernel: 1 }, 'hard-swish');
  const pooled = head.globalAvgPool('pool', wide);
  const tail = head.conv2d('tail.conv', pooled, {
    outChannels: headWidth ?? table.tailWidth,
    kernel: 1,
    bias: true,
  });
  const hidden = head.flatten('flatten', head.activation('tail.act', tail, 'hard-swish'));
  return g.finish(head.dense('classifier', hidden, classes));
};

/** Squeeze and excitation to a quarter of the expanded width, with ReLU and a hard gate in every block. */
const block = (
  g: GraphBuilder,
  x: Value,
  { kernel, hidden, outChannels, squeeze, activation, stride }: Row,
): Value => {
  const squeezed = makeDivisible(hidden / 4);
  const excite = (inner: GraphBuilder, y: Value) =>
    squeezeExcite(inner, y, { squeezed, activation: 'relu', gate: 'hard-sigmoid' });
  const part = invertedResidualBlock({ hidden, kernel, ...(squeeze ? { excite } : {}) });
  return part(g, x, { outChannels, stride, activation });
};
