/**
 * ChannelNet v1 to v3 from the layer table of the paper, with norms and activations where the authors' code has them. Their released
 * graph is another network, with concatenations in the first stages.
 */
import { z } from 'zod';
import { GraphBuilder, type Value } from '../../harness/graph/build/builder.js';
import type { Graph } from '../../harness/graph/graph.js';
import type { Shape } from '../../harness/graph/shape.js';
import { UserError } from '../../harness/user/user-error.js';
import { channelwiseSeparableConv } from '../basic/channelwise-separable.js';
import { channelwiseConv } from '../channel/channel-wise.js';
import { convBn, convBnAct } from '../conv-bn.js';
import { defineNetwork } from '../define.js';
import type { NetworkSite } from '../part.js';
import { classify } from './classifier.js';
import { type Resolution, resolutionOption, stemStride } from './resolution.js';

const STEM_WIDTH = 32;

/** Channels and stride. */
const SEPARABLE = [
  [64, 1],
  [128, 2],
  [128, 1],
  [256, 2],
  [256, 1],
  [512, 2],
] as const;

const GROUPS = 2;

/** Channels under a kernel of the group channel-wise convolution, for each group. */
const GROUP_DEPTH = 4;

const WIDTH = 1024;

const CHANNELWISE_DEPTH = 64;

const options = z.strictObject(resolutionOption);

const paper = 'Gao et al. 2018 (ChannelNets), arXiv:1809.01330';

const differs = 'Our count of the layer table is larger by a nearly constant 60M; cause not found.';

export const channelnetV1 = defineNetwork({
  id: 'channelnet-v1',
  summary: 'ChannelNet-v1: MobileNetV1 with group and group channel-wise modules in its middle.',
  paper,
  published: {
    params: '3.7M',
    macs: '407M',
    top1: 70.5,
    source: 'github.com/HongyangGao/ChannelNets',
    differs,
  },
  options,
  build: (site, { resolution }) =>
    channelNet(site, resolution, (g, x) =>
      classify(g, separable(g.scope('separable'), x, WIDTH), site.classes),
    ),
});

export const channelnetV2 = defineNetwork({
  id: 'channelnet-v2',
  summary: 'ChannelNet-v2: v1 with a depthwise separable channel-wise convolution as its last layer.',
  paper,
  published: { macs: '361M', source: 'github.com/HongyangGao/ChannelNets, issue 3', differs },
  options,
  build: (site, { resolution }) =>
    channelNet(site, resolution, (g, x) => classify(g, lastLayer(g, x), site.classes)),
});

export const channelnetV3 = defineNetwork({
  id: 'channelnet-v3',
  summary:
    'ChannelNet-v3: v2 with a convolution over channels and pixels as its classifier; 224 pixels only, or 112 with resolution=small.',
  paper,
  published: { macs: '360M', source: 'github.com/HongyangGao/ChannelNets, issue 3', differs },
  options,
  build: (site, { resolution }) => {
    checkConvolutionalClassifier(site, resolution);
    return channelNet(site, resolution, (g, x) => convolutionalClassifier(g, lastLayer(g, x), site.classes));
  },
});

/** `head` takes 1024 maps. */
const channelNet = (
  { input }: NetworkSite,
  resolution: Resolution,
  head: (g: GraphBuilder, x: Value) => Value<Shape>,
): Graph => {
  const g = GraphBuilder.create();
  const stem = { outChannels: STEM_WIDTH, kernel: 3, stride: stemStride(resolution) };
  let x = convBn(g.scope('stem'), g.input(input), stem);
  for (const [i, [outChannels, stride]] of SEPARABLE.entries()) {
    x = separable(g.scope('separable').scope(i), x, outChannels, { stride });
  }
  for (const [i, build] of [channelwiseModule, channelwiseModule, groupModule].entries()) {
    x = build(g.scope('modules').scope(i), x);
  }
  x = separable(g.scope('separable').scope(SEPARABLE.length), x, WIDTH, { stride: 2 });
  return g.finish(head(g.scope('head'), x));
};

/** Depthwise without norm and activation, then 1x1 with both. */
const separable = (
  g: GraphBuilder,
  x: Value,
  outChannels: number,
  { stride = 1, groups = 1 }: { readonly stride?: number; readonly groups?: number } = {},
): Value => {
  const [channels] = x.shape;
  const mixed = g.conv2d('depthwise.conv', x, { outChannels: channels, kernel: 3, stride, groups: channels });
  return convBnAct(g.scope('pointwise'), mixed, { outChannels, kernel: 1, groups }, 'relu6');
};

/** GM: two separable convolutions in groups, and a shortcut around them. */
const groupModule = (g: GraphBuilder, x: Value): Value => g.add('add', x, separablePair(g, x));

/** GCWM: the same after a channel-wise convolution that mixes the groups. */
const channelwiseModule = (g: GraphBuilder, x: Value): Value => {
  const mixed = channelwiseConv(g, 'channelwise', x, {
    outChannels: x.shape[0],
    depth: GROUP_DEPTH * GROUPS,
    filters: GROUPS,
  });
  return g.add('add', x, separablePair(g, mixed));
};

const separablePair = (g: GraphBuilder, x: Value): Value => {
  const [channels] = x.shape;
  const first = separable(g.scope(0), x, channels, { groups: GROUPS });
  return separable(g.scope(1), first, channels, { groups: GROUPS });
};

const lastLayer = (g: GraphBuilder, x: Value): Value =>
  channelwiseSeparableConv(g, x, { outChannels: WIDTH, depth: CHANNELWISE_DEPTH, filters: 1, stride: 1 });

/** Side of the map that the convolutional classifier spans. */
const MAP = 7;

/** Product of all strides after the stem's. */
const STRIDE = 16;

/** One kernel over the whole map and so many channels that it fits once for each class. */
const convolutionalClassifier = (g: GraphBuilder, x: Value, classes: number): Value<Shape> => {
  const logits = g.channelConv('classifier', x, {
    filters: 1,
    kernel: [WIDTH - classes + 1, MAP, MAP],
    channelStride: 1,
    channelPadding: [0, 0],
  });
  return g.flatten('flatten', logits);
};

const checkConvolutionalClassifier = (
  { input: [, height, width], classes }: NetworkSite,
  resolution: Resolution,
): void => {
  const size = MAP * STRIDE * stemStride(resolution);
  if (height !== size || width !== size) {
    throw new UserError(
      `channelnet-v3 cannot take images of ${height}x${width}: its classifier needs a final map of ${MAP}x${MAP}, which only ${size}x${size} images give.`,
      `Use images of ${size}x${size}, or channelnet-v2, which takes any size.`,
    );
  }
  if (classes > WIDTH) {
    throw new UserError(
      `channelnet-v3 cannot classify ${classes} classes: its classifier slides along ${WIDTH} channels.`,
      `Use at most ${WIDTH} classes, or channelnet-v2.`,
    );
  }
};
