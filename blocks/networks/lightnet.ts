import { z } from 'zod';
import { type Conv2dOptions, GraphBuilder, type Value } from '../../harness/graph/build/builder.js';
import type { Graph } from '../../harness/graph/graph.js';
import { ACTIVATIONS } from '../../harness/graph/operations/ops.js';
import { UserError } from '../../harness/user/user-error.js';
import { convBn, convBnAct } from '../conv-bn.js';
import { defineNetwork } from '../define.js';
import type { BlockPart, NetworkSite } from '../part.js';
import { classify } from './classifier.js';
import { widthOption } from './width.js';

/** What depends on the size of the images. */
interface Scale {
  readonly stemWidth: number;
  readonly stemStrides: readonly [number, number];
  readonly depths: readonly number[];
  readonly widths: readonly number[];
  readonly headWidth: number;
}

/** `imagenet` is the paper's, with a stem and a head of our choice; `small` is for images of about 32 pixels. */
export const LIGHTNET_PRESETS = {
  imagenet: {
    stemWidth: 32,
    stemStrides: [2, 2],
    depths: [3, 3, 9, 3],
    widths: [32, 64, 128, 256],
    headWidth: 1024,
  },
  small: {
    stemWidth: 8,
    stemStrides: [2, 1],
    depths: [1, 1, 3, 1],
    widths: [8, 16, 32, 64],
    headWidth: 128,
  },
} as const satisfies Record<string, Scale>;

/** Far above any network that fits a memory. */
const channels = () => z.int().min(1).max(65_536);

const depth = () => z.int().min(1).max(1_000);

const stride = () => z.int().min(1).max(4);

/** Options of the skeleton; those without a default take the preset's value. */
export const lightnetOptions = {
  preset: z
    .enum(['imagenet', 'small'])
    .default('imagenet')
    .describe('Defaults for widths, depths and strides.'),
  width: widthOption('Of the preset’s only; stages keep their ratios.', 0.125),
  stemWidth: channels()
    .optional()
    .describe('Channels of the first convolution and of the depthwise convolution after it.'),
  stemStrides: z
    .tuple([stride(), stride()])
    .optional()
    .describe('Strides of the first and the last convolution of the stem.'),
  stemShortcut: z
    .boolean()
    .default(true)
    .describe('Add a shortcut around the stride-1 depthwise convolution of the stem.'),
  depths: z.array(depth()).min(1).max(100).optional().describe('Blocks in each stage.'),
  widths: z
    .array(channels())
    .min(1)
    .max(100)
    .optional()
    .describe('Channels of each stage, each a multiple of the previous stage; the paper doubles them.'),
  headWidth: channels().optional().describe('Channels of the 1x1 convolution before the classifier.'),
  activation: z.enum(ACTIVATIONS).default('relu').describe('Activation of the skeleton and the blocks.'),
};

const lightnetSchema = z.strictObject(lightnetOptions);

type LightNetOptions = z.output<typeof lightnetSchema>;

/**
 * The common skeleton of FalconNet (arXiv:2306.06365), with `block` at every position of every stage.
 *
 * Stem: 3x3, depthwise 3x3 with a shortcut, 1x1, depthwise 3x3. Between stages: a 2x2 convolution of stride 2 whose groups have
 * one input channel each, and batch norm. Head: 1x1, global average, classifier. Batch norm and activation follow every
 * convolution but the one between stages, which has no activation. An odd map loses its last row and column when it is halved.
 */
export const lightNet = (site: NetworkSite, options: LightNetOptions, block: BlockPart): Graph => {
  const { activation } = options;
  const scale = scaleOf(options);
  const g = GraphBuilder.create();
  let x = stem(g.scope('stem'), g.input(site.input), scale, options);
  for (const [s, outChannels] of scale.widths.entries()) {
    const stage = g.scope('stages').scope(s);
    if (s > 0) x = subsample(stage.scope('subsample'), x, outChannels);
    for (let b = 0; b < (scale.depths[s] ?? 0); b += 1) {
      x = block(stage.scope('blocks').block(b), x, { outChannels, stride: 1, activation });
    }
  }
  const head = g.scope('head');
  const wide = convBnAct(head, x, { outChannels: scale.headWidth, kernel: 1 }, activation);
  return g.finish(classify(head, wide, site.classes));
};

export const lightnet = defineNetwork({
  id: 'lightnet',
  summary: 'The common skeleton in which basic blocks are compared.',
  paper: 'FalconNet, arXiv:2306.06365',
  options: lightnetSchema,
  slots: {
    block: {
      kind: 'block',
      default: 'meta-light',
      summary: 'The basic block at every position of every stage.',
    },
  },
  build: (site, options, { block }) => lightNet(site, options, block),
});

const scaleOf = ({ preset, width, ...given }: LightNetOptions): Scale => {
  const standard = widened(LIGHTNET_PRESETS[preset], width);
  const scale: Scale = {
    stemWidth: given.stemWidth ?? standard.stemWidth,
    stemStrides: given.stemStrides ?? standard.stemStrides,
    depths: given.depths ?? standard.depths,
    widths: given.widths ?? standard.widths,
    headWidth: given.headWidth ?? standard.headWidth,
  };
  if (scale.depths.length === scale.widths.length) return scale;
  throw new UserError(
    `lightnet: depths lists ${scale.depths.length} stages, but widths lists ${scale.widths.length}.`,
    'Set both, with one number per stage.',
  );
};

/** All stages by the factor of the first, so that each stays a multiple of the one before. */
const widened = ({ stemWidth, widths, headWidth, ...rest }: Scale, width: number): Scale => {
  const scaled = (channels: number) => Math.max(1, Math.round(channels * width));
  const [first = 1] = widths;
  return {
    ...rest,
    stemWidth: scaled(stemWidth),
    widths: widths.map((channels) => (scaled(first) * channels) / first),
    headWidth: scaled(headWidth),
  };
};

const stem = (
  g: GraphBuilder,
  x: Value,
  { stemWidth, stemStrides: [first, last], widths: [width = stemWidth] }: Scale,
  { stemShortcut, activation }: LightNetOptions,
): Value => {
  const layer = (name: string, input: Value, options: Conv2dOptions) =>
    convBnAct(g.scope(name), input, options, activation);
  const entry = layer('entry', x, { outChannels: stemWidth, kernel: 3, stride: first });
  const mixed = layer('depthwise', entry, { outChannels: stemWidth, kernel: 3, groups: stemWidth });
  const joined = stemShortcut ? g.add('add', entry, mixed) : mixed;
  const wide = layer('pointwise', joined, { outChannels: width, kernel: 1 });
  return layer('subsample', wide, { outChannels: width, kernel: 3, stride: last, groups: width });
};

const subsample = (g: GraphBuilder, x: Value, outChannels: number): Value => {
  const [channels] = x.shape;
  if (outChannels % channels !== 0) {
    throw new UserError(
      `lightnet: a stage of ${outChannels} channels cannot follow one of ${channels}.`,
      `Each width must be a multiple of the one before: the nearest is ${channels * Math.max(1, Math.round(outChannels / channels))}.`,
    );
  }
  return convBn(g, x, { outChannels, kernel: 2, stride: 2, padding: 0, groups: channels });
};
