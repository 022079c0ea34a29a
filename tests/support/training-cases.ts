/** Small networks around every operation and every fusion, with parameters before and after it: what gradients are tested on. */
import { type Conv2dOptions, GraphBuilder, type Value } from '../../harness/graph/build/builder.js';
import type { Graph } from '../../harness/graph/graph.js';
import { ACTIVATIONS, type Pair } from '../../harness/graph/operations/ops.js';
import { isMap, type Shape } from '../../harness/graph/shape.js';

export const CLASSES = 3;

type Middle = (g: GraphBuilder, x: Value) => Value<Shape>;

export interface TrainingCase {
  readonly name: string;
  readonly middle: Middle;
  readonly channels?: number;
  readonly size?: Pair;
  /** Nodes that are trained as one, where that is what the case is about. */
  readonly fused?: number;
}

/** Parameters stand before and after the middle, so that its gradient for its input is tested too. */
export const surrounded = ({ middle, channels = 4, size: [height, width] = [6, 6] }: TrainingCase): Graph => {
  const g = GraphBuilder.create();
  const x = g.conv2d('before', g.input([2, height, width]), { outChannels: channels, kernel: 1, bias: true });
  const y = middle(g.scope('middle'), x);
  return g.finish(g.dense('after', isMapValue(y) ? g.flatten('flatten', y) : y, CLASSES));
};

const isMapValue = (value: Value<Shape>): value is Value => isMap(value.shape);

const branch = (
  g: GraphBuilder,
  name: string,
  x: Value,
  kernel: number | Pair,
  groups: number,
  stride = 1,
): Value =>
  g.batchNorm(`${name}.bn`, g.conv2d(`${name}.conv`, x, { outChannels: x.shape[0], kernel, groups, stride }));

const normalised = (g: GraphBuilder, x: Value, options: Conv2dOptions, activation: 'relu' | 'relu6'): Value =>
  g.activation('act', g.batchNorm('bn', g.conv2d('conv', x, options)), activation);

const channelWise = (g: GraphBuilder, name: string, x: Value, filters = 2): Value =>
  g.channelConv(name, x, { filters, kernel: [4, 1, 1], channelStride: 2, channelPadding: [1, 1] });

const repso =
  (stride: number): Middle =>
  (g, x) => {
    const c = x.shape[0];
    const kernels: readonly [string, number | Pair][] = [
      ['a', 3],
      ['b', 3],
      ['row', [1, 3]],
      ['column', [3, 1]],
      ['point', 1],
    ];
    const branches = kernels.map(([name, kernel]) => branch(g, name, x, kernel, c, stride));
    return g.add('sum', ...branches, ...(stride === 1 ? [g.batchNorm('identity.bn', x)] : []));
  };

const depthwise =
  ({
    multiplier = 1,
    ...options
  }: {
    kernel: number | Pair;
    stride?: number;
    padding?: number | Pair;
    dilation?: number;
    multiplier?: number;
    bias?: boolean;
  }): Middle =>
  (g, x) =>
    g.conv2d('dw', x, {
      ...options,
      groups: x.shape[0],
      outChannels: x.shape[0] * multiplier,
    });

export const TRAINING_CASES: readonly TrainingCase[] = [
  ...ACTIVATIONS.map((fn): TrainingCase => ({ name: fn, middle: (g, x) => g.activation('act', x, fn) })),
  { name: 'dense 3x3', middle: (g, x) => g.conv2d('conv', x, { outChannels: 3, kernel: 3 }) },
  {
    name: 'dense 3x3 stride 2',
    size: [7, 6],
    middle: (g, x) => g.conv2d('conv', x, { outChannels: 3, kernel: 3, stride: 2, bias: true }),
  },
  {
    name: 'dense 5x3 dilated',
    size: [9, 7],
    middle: (g, x) => g.conv2d('conv', x, { outChannels: 3, kernel: [5, 3], dilation: 2, padding: [4, 2] }),
  },
  { name: 'grouped 3x3', middle: (g, x) => g.conv2d('conv', x, { outChannels: 6, kernel: 3, groups: 2 }) },
  { name: 'grouped 1x1', middle: (g, x) => g.conv2d('conv', x, { outChannels: 6, kernel: 1, groups: 2 }) },
  {
    name: 'pointwise stride 2',
    middle: (g, x) => g.conv2d('conv', x, { outChannels: 6, kernel: 1, stride: 2 }),
  },
  {
    name: 'pointwise stride 2 of a large map of few channels',
    size: [32, 32],
    middle: (g, x) => g.conv2d('conv', x, { outChannels: 6, kernel: 1, stride: 2 }),
  },
  { name: 'depthwise 3x3, whole images', middle: depthwise({ kernel: 3 }) },
  { name: 'depthwise 3x3 stride 2, whole images', size: [7, 7], middle: depthwise({ kernel: 3, stride: 2 }) },
  {
    name: 'depthwise 2x2 stride 2, multiplier 2, whole images',
    middle: depthwise({ kernel: 2, stride: 2, padding: 0, multiplier: 2 }),
  },
  { name: 'depthwise 3x3, two phases', size: [10, 9], middle: depthwise({ kernel: 3 }) },
  { name: 'depthwise 3x3, two phases of unequal counts', size: [14, 9], middle: depthwise({ kernel: 3 }) },
  { name: 'depthwise 3x3, odd map', size: [9, 9], middle: depthwise({ kernel: 3 }) },
  { name: 'depthwise 3x3 stride 2, bands', size: [12, 9], middle: depthwise({ kernel: 3, stride: 2 }) },
  { name: 'depthwise 5x5, bands', size: [12, 9], middle: depthwise({ kernel: 5 }) },
  { name: 'depthwise 5x5 stride 2, bands', size: [16, 9], middle: depthwise({ kernel: 5, stride: 2 }) },
  {
    name: 'depthwise 3x3 dilated, bands',
    size: [12, 9],
    middle: depthwise({ kernel: 3, dilation: 2, padding: 2 }),
  },
  { name: 'depthwise 1x3, bands', size: [9, 9], middle: depthwise({ kernel: [1, 3] }) },
  {
    name: 'depthwise 2x2 stride 2, multiplier 2, bands',
    size: [10, 10],
    middle: depthwise({ kernel: 2, stride: 2, padding: 0, multiplier: 2 }),
  },
  {
    name: 'depthwise 2x2 stride 2, odd map',
    size: [9, 11],
    middle: depthwise({ kernel: 2, stride: 2, padding: 0, multiplier: 2 }),
  },
  {
    name: 'depthwise 3x3 with bias, multiplier 2',
    middle: depthwise({ kernel: 3, multiplier: 2, bias: true }),
  },
  {
    name: 'depthwise 3x3 dilated stride 2',
    size: [11, 10],
    middle: depthwise({ kernel: 3, stride: 2, dilation: 2, padding: 2 }),
  },
  {
    name: 'depthwise 1x3 stride 2, last row read',
    size: [9, 9],
    middle: depthwise({ kernel: [1, 3], stride: 2, padding: [0, 1] }),
  },
  {
    name: 'depthwise 1x3, rows of padding alone',
    size: [5, 5],
    middle: depthwise({ kernel: [1, 3], padding: [1, 1] }),
  },
  { name: 'depthwise 3x3, tiles of columns', channels: 2, size: [9, 34], middle: depthwise({ kernel: 3 }) },
  { name: 'depthwise 5x5, tiles of columns', channels: 2, size: [4, 34], middle: depthwise({ kernel: 5 }) },
  {
    name: 'depthwise 3x3 stride 2, tiles of columns',
    channels: 2,
    size: [4, 67],
    middle: depthwise({ kernel: 3, stride: 2 }),
  },
  {
    name: 'depthwise 2x2 stride 2, multiplier 2, tiles of columns',
    channels: 2,
    size: [4, 68],
    middle: depthwise({ kernel: 2, stride: 2, padding: 0, multiplier: 2 }),
  },
  { name: 'depthwise 3x3, prime width', channels: 2, size: [3, 37], middle: depthwise({ kernel: 3 }) },
  {
    name: 'channel-wise',
    channels: 8,
    middle: (g, x) => channelWise(g, 'cw', x),
  },
  {
    name: 'channel-wise with pixels',
    channels: 6,
    size: [3, 3],
    middle: (g, x) =>
      g.channelConv('cw', x, { filters: 1, kernel: [3, 3, 3], channelStride: 1, channelPadding: [0, 0] }),
  },
  {
    name: 'channel-wise, last channel unread',
    channels: 8,
    middle: (g, x) =>
      g.channelConv('cw', x, { filters: 2, kernel: [3, 1, 1], channelStride: 2, channelPadding: [0, 0] }),
  },
  {
    name: 'channel-wise with batch norm',
    channels: 8,
    fused: 2,
    middle: (g, x) => g.batchNorm('bn', channelWise(g, 'cw', x, 6)),
  },
  {
    name: 'channel-wise with batch norm whose moments cost more than they save',
    channels: 8,
    fused: 0,
    middle: (g, x) => g.batchNorm('bn', channelWise(g, 'cw', x)),
  },
  {
    name: 'channel-wise and dense branches',
    channels: 8,
    fused: 7,
    middle: (g, x) =>
      g.add(
        'sum',
        g.batchNorm('bn1', channelWise(g, 'cw1', x)),
        branch(g, 'dense', x, 1, 1),
        g.batchNorm('bn2', channelWise(g, 'cw2', x)),
      ),
  },
  { name: 'batch norm', middle: (g, x) => g.batchNorm('bn', x) },
  { name: 'scale all', middle: (g, x) => g.scaleGroups('scale', g.scaleGroups('plain', x, false), true) },
  {
    name: 'scale in groups',
    middle: (g, x) => g.scaleGroups('scale', g.scaleGroups('plain', x, false, 2), true, 2),
  },
  { name: 'L2 norm over the channels', middle: (g, x) => g.l2Norm('norm', x, 'channels') },
  { name: 'L2 norm over the pixels', middle: (g, x) => g.l2Norm('norm', x, 'pixels') },
  {
    name: 'L2 norm below its least',
    middle: (g, x) => g.l2Norm('norm', g.times('small', x, 0.1), 'channels', 1),
  },
  { name: 'positions', size: [3, 5], middle: (g, x) => g.addPositions('positions', x, 3) },
  { name: 'layer norm', middle: (g, x) => g.layerNorm('norm', x) },
  { name: 'group norm', middle: (g, x) => g.groupNorm('norm', x, 2) },
  { name: 'group norm of one group', middle: (g, x) => g.groupNorm('norm', x, 1) },
  { name: 'leaky relu', middle: (g, x) => g.leakyRelu('act', x, 0.2) },
  { name: 'prelu', middle: (g, x) => g.prelu('shared', g.prelu('act', x), false) },
  { name: 'times', middle: (g, x) => g.times('times', x, -0.7) },
  { name: 'pad', size: [5, 4], middle: (g, x) => g.pad('pad', x, [0, 1, 2, 3]) },
  {
    name: 'pad by the edge, and max pool',
    size: [5, 4],
    middle: (g, x) => g.maxPool('pool', g.pad('pad', x, [0, 0, 1, 2], 'edge'), { kernel: 3, stride: 2 }),
  },
  {
    name: 'depthwise 3x3 stride 2 after an uneven pad',
    size: [8, 8],
    middle: (g, x) => depthwise({ kernel: 3, stride: 2, padding: 0 })(g, g.pad('pad', x, [0, 0, 1, 1])),
  },
  {
    name: 'attention',
    size: [4, 2],
    middle: (g, x) => {
      const smaller = g.avgPool('smaller', x, { kernel: 2, stride: 2 });
      const scores = g.matMul('scores', x, smaller, { product: 'pixel-scores', groups: 2 });
      return g.matMul('values', g.softmax('weights', scores, 2), smaller, {
        product: 'weighted-pixels',
        groups: 2,
      });
    },
  },
  {
    name: 'attention to one shared head',
    size: [3, 2],
    middle: (g, x) => {
      const head = g.slice('head', x, 1, 3);
      const scores = g.matMul('scores', x, head, { product: 'pixel-scores', groups: 2, shared: true });
      return g.matMul('values', g.softmax('weights', scores, 2), head, {
        product: 'weighted-pixels',
        groups: 2,
        shared: true,
      });
    },
  },
  {
    name: 'attention between channels',
    size: [3, 2],
    middle: (g, x) => {
      const scores = g.matMul('scores', x, g.activation('act', x, 'silu'), {
        product: 'channel-scores',
        groups: 2,
      });
      const weights = g.pixelSoftmax('weights', scores);
      return g.matMul('values', x, weights, { product: 'weighted-pixels', groups: 2 });
    },
  },
  {
    name: 'linear attention',
    size: [4, 2],
    middle: (g, x) => {
      const smaller = g.avgPool('smaller', x, { kernel: 2, stride: 2 });
      const [query, key] = [g.activation('query', x, 'sigmoid'), g.activation('key', smaller, 'sigmoid')];
      return g.linearAttention('attention', { query, key, value: smaller }, 2);
    },
  },
  { name: 'softmax over the pixels', middle: (g, x) => g.pixelSoftmax('softmax', x) },
  { name: 'blocks of pixels as channels', size: [4, 6], middle: (g, x) => g.spaceToDepth('blocks', x, 2) },
  { name: 'channels as blocks of pixels', size: [2, 3], middle: (g, x) => g.depthToSpace('blocks', x, 2) },
  { name: 'resize', size: [3, 4], middle: (g, x) => g.resize('resize', x, [6, 9]) },
  { name: 'resize to fewer pixels', size: [7, 5], middle: (g, x) => g.resize('resize', x, [3, 4]) },
  { name: 'scale', middle: (g, x) => g.scale('scale', g.scale('plain', x, false), true) },
  { name: 'add', middle: (g, x) => g.add('add', x, g.activation('act', x, 'silu'), x) },
  { name: 'mul', middle: (g, x) => g.mul('mul', x, g.activation('act', x, 'sigmoid')) },
  {
    name: 'mul by a gate per pixel',
    middle: (g, x) => g.mul('mul', x, g.activation('act', g.slice('first', x, 0, 1), 'sigmoid')),
  },
  {
    name: 'mul by a gate per channel',
    middle: (g, x) => g.mul('mul', x, g.activation('act', g.globalAvgPool('pool', x), 'sigmoid')),
  },
  {
    name: 'concat, slice and shuffle',
    middle: (g, x) =>
      g.permuteChannels(
        'shuffle',
        g.concat('concat', g.slice('end', x, 1, 4), x, g.slice('start', x, 0, 1)),
        2,
      ),
  },
  { name: 'global average pool', middle: (g, x) => g.globalAvgPool('pool', x) },
  {
    name: 'average pool',
    size: [7, 6],
    middle: (g, x) => g.avgPool('pool', x, { kernel: 3, stride: 2, padding: 1 }),
  },
  {
    name: 'max pool',
    size: [7, 6],
    middle: (g, x) => g.maxPool('pool', x, { kernel: 3, stride: 2, padding: 1 }),
  },
  {
    name: 'flatten, then dense',
    size: [2, 3],
    middle: (g, x) => g.dense('fc', g.flatten('flatten', x), 5, false),
  },
  {
    name: 'fused expansion',
    fused: 2,
    middle: (g, x) => g.batchNorm('bn', g.conv2d('conv', x, { outChannels: 6, kernel: 1 })),
  },
  {
    name: 'projection whose moments cost more than they save',
    fused: 0,
    channels: 8,
    middle: (g, x) => g.batchNorm('bn', g.conv2d('conv', x, { outChannels: 2, kernel: 1 })),
  },
  {
    name: 'convolution, batch norm and relu',
    fused: 0,
    middle: (g, x) => normalised(g, x, { outChannels: 6, kernel: 3, groups: 2 }, 'relu'),
  },
  {
    name: 'depthwise convolution, batch norm and relu6',
    fused: 0,
    middle: (g, x) => normalised(g, x, { outChannels: x.shape[0], kernel: 3, groups: x.shape[0] }, 'relu6'),
  },
  {
    name: 'depthwise convolution, multiplier 2, batch norm and relu',
    size: [8, 8],
    fused: 0,
    middle: (g, x) =>
      normalised(
        g,
        x,
        { outChannels: 2 * x.shape[0], kernel: 2, stride: 2, padding: 0, groups: x.shape[0] },
        'relu',
      ),
  },
  {
    name: 'batch norm and relu6',
    fused: 0,
    middle: (g, x) => g.activation('act', g.batchNorm('bn', x), 'relu6'),
  },
  {
    name: 'batch norm that two read',
    fused: 0,
    middle: (g, x) => {
      const y = g.batchNorm('bn', g.conv2d('conv', x, { outChannels: 4, kernel: 3 }));
      return g.add('sum', g.activation('act', y, 'relu'), y);
    },
  },
  {
    name: 'grouped 1x1 of few rows',
    middle: (g, x) => g.conv2d('conv', x, { outChannels: 8, kernel: 1, groups: 2 }),
  },
  {
    name: 'fused pointwise branches with identity',
    fused: 6,
    middle: (g, x) => g.add('sum', branch(g, 'a', x, 1, 1), branch(g, 'b', x, 1, 1), g.batchNorm('bn', x)),
  },
  {
    name: 'fused grouped branches',
    fused: 5,
    middle: (g, x) => g.add('sum', branch(g, 'a', x, 1, 2), branch(g, 'b', x, 1, 2)),
  },
  {
    name: 'fused dense 3x3, 1x1 and identity',
    fused: 6,
    middle: (g, x) => g.add('sum', branch(g, 'a', x, 3, 1), branch(g, 'b', x, 1, 1), g.batchNorm('bn', x)),
  },
  { name: 'RepSO, whole images', fused: 12, middle: repso(1) },
  { name: 'RepSO, two phases', fused: 12, size: [10, 9], middle: repso(1) },
  { name: 'RepSO, odd map', fused: 12, size: [9, 9], middle: repso(1) },
  { name: 'RepSO stride 2', fused: 11, size: [12, 10], middle: repso(2) },
  { name: 'RepSO, tiles of columns', fused: 12, channels: 2, size: [3, 34], middle: repso(1) },
  { name: 'RepSO, four pixels', fused: 12, size: [2, 2], middle: repso(1) },
  { name: 'RepSO, sixteen pixels', fused: 12, size: [4, 4], middle: repso(1) },
  { name: 'RepSO stride 2, sixteen pixels', fused: 11, size: [4, 4], middle: repso(2) },
  { name: 'RepSO, one row of pixels', fused: 12, size: [1, 5], middle: repso(1) },
  {
    name: 'two depthwise rows',
    fused: 5,
    middle: (g, x) =>
      g.add('sum', branch(g, 'a', x, [1, 3], x.shape[0]), branch(g, 'b', x, [1, 3], x.shape[0])),
  },
  { name: 'RepSO, prime width', fused: 12, channels: 2, size: [2, 37], middle: repso(1) },
];
