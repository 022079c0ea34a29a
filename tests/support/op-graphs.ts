/** Small graphs that between them use every operation in every way that its attributes allow. */
import { GraphBuilder, type Value } from '../../harness/graph/build/builder.js';
import type { Graph } from '../../harness/graph/graph.js';
import { ACTIVATIONS, type OpKind } from '../../harness/graph/operations/ops.js';
import type { MapShape, Shape } from '../../harness/graph/shape.js';

const graphOf = (shape: MapShape, build: (g: GraphBuilder, x: Value) => Value<Shape>): Graph => {
  const g = GraphBuilder.create();
  return g.finish(build(g, g.input(shape)));
};

/** Graphs by operation, each with a name; total, so that a new operation needs one. */
export const OP_GRAPHS: Record<OpKind, Readonly<Record<string, Graph>>> = {
  input: { 'alone, the identity': graphOf([3, 4, 5], (_g, x) => x) },
  conv2d: {
    'dense 3x3': graphOf([3, 6, 7], (g, x) => g.conv2d('c', x, { outChannels: 4, kernel: 3 })),
    pointwise: graphOf([4, 3, 5], (g, x) => g.conv2d('c', x, { outChannels: 6, kernel: 1 })),
    'strided with bias': graphOf([3, 8, 7], (g, x) =>
      g.conv2d('c', x, { outChannels: 4, kernel: 3, stride: 2, bias: true }),
    ),
    depthwise: graphOf([4, 6, 5], (g, x) => g.conv2d('c', x, { outChannels: 4, kernel: 3, groups: 4 })),
    'depthwise 1x5': graphOf([2, 6, 7], (g, x) =>
      g.conv2d('c', x, { outChannels: 2, kernel: [1, 5], groups: 2 }),
    ),
    'depthwise, strided, with multiplier': graphOf([3, 6, 6], (g, x) =>
      g.conv2d('c', x, { outChannels: 6, kernel: 2, stride: 2, padding: 0, groups: 3 }),
    ),
    'grouped pointwise': graphOf([6, 3, 4], (g, x) =>
      g.conv2d('c', x, { outChannels: 4, kernel: 1, groups: 2 }),
    ),
    'grouped, dilated, one stride per axis': graphOf([4, 9, 8], (g, x) =>
      g.conv2d('c', x, { outChannels: 6, kernel: 3, stride: [2, 1], dilation: 2, groups: 2 }),
    ),
  },
  channelConv: {
    'whole line': graphOf([6, 3, 4], (g, x) =>
      g.channelConv('c', x, { filters: 2, kernel: [6, 1, 1], channelStride: 1, channelPadding: [0, 0] }),
    ),
    'strided and padded': graphOf([8, 3, 4], (g, x) =>
      g.channelConv('c', x, { filters: 2, kernel: [3, 1, 1], channelStride: 2, channelPadding: [1, 2] }),
    ),
    'over pixels too': graphOf([5, 4, 6], (g, x) =>
      g.channelConv('c', x, { filters: 3, kernel: [2, 4, 3], channelStride: 1, channelPadding: [0, 1] }),
    ),
  },
  dense: {
    'with bias': graphOf([6, 1, 1], (g, x) => g.dense('d', g.flatten('f', x), 4)),
    'without bias': graphOf([2, 2, 3], (g, x) => g.dense('d', g.flatten('f', x), 5, false)),
  },
  batchNorm: {
    default: graphOf([3, 4, 5], (g, x) => g.batchNorm('b', x)),
    'large epsilon': graphOf([3, 4, 5], (g, x) => g.batchNorm('b', x, 0.1)),
  },
  scale: {
    'without bias': graphOf([3, 4, 5], (g, x) => g.scale('s', x, false)),
    'with bias': graphOf([3, 4, 5], (g, x) => g.scale('s', x, true)),
  },
  scaleGroups: {
    'without bias': graphOf([3, 4, 5], (g, x) => g.scaleGroups('s', x, false)),
    'with bias': graphOf([3, 4, 5], (g, x) => g.scaleGroups('s', x, true)),
    'in two groups': graphOf([6, 2, 3], (g, x) => g.scaleGroups('s', x, false, 2)),
    'a group for each channel, with bias': graphOf([3, 4, 2], (g, x) => g.scaleGroups('s', x, true, 3)),
  },
  layerNorm: {
    default: graphOf([6, 3, 4], (g, x) => g.layerNorm('n', x)),
    'large epsilon': graphOf([3, 4, 5], (g, x) => g.layerNorm('n', x, 0.1)),
  },
  groupNorm: {
    'one group': graphOf([4, 3, 5], (g, x) => g.groupNorm('n', x, 1)),
    'two groups, large epsilon': graphOf([6, 3, 2], (g, x) => g.groupNorm('n', x, 2, 0.1)),
    'a group for each channel': graphOf([3, 4, 2], (g, x) => g.groupNorm('n', x, 3)),
  },
  l2Norm: {
    'over the channels': graphOf([4, 3, 2], (g, x) => g.l2Norm('n', x, 'channels')),
    'over the pixels': graphOf([3, 4, 2], (g, x) => g.l2Norm('n', x, 'pixels')),
    'of small values': graphOf([3, 2, 2], (g, x) => g.l2Norm('n', g.times('t', x, 0.3), 'channels', 0.5)),
  },
  addPositions: {
    default: graphOf([3, 4, 5], (g, x) => g.addPositions('p', x, 6)),
    'of an odd number of codes': graphOf([2, 3, 2], (g, x) => g.addPositions('p', x, 3, 10)),
  },
  activation: Object.fromEntries(
    ACTIVATIONS.map((fn) => [fn, graphOf([4, 5, 6], (g, x) => g.activation('a', x, fn))]),
  ),
  leakyRelu: {
    default: graphOf([3, 4, 5], (g, x) => g.leakyRelu('a', x)),
    steep: graphOf([3, 4, 5], (g, x) => g.leakyRelu('a', x, 0.2)),
    'of a vector': graphOf([3, 2, 1], (g, x) =>
      g.append('a', { kind: 'leakyRelu', slope: 0.1 }, [g.flatten('f', x)]),
    ),
  },
  prelu: {
    'a slope per channel': graphOf([3, 4, 5], (g, x) => g.prelu('a', x)),
    'one slope': graphOf([3, 4, 5], (g, x) => g.prelu('a', x, false)),
  },
  times: {
    half: graphOf([3, 4, 5], (g, x) => g.times('t', x, 0.5)),
    'minus one, of a vector': graphOf([3, 2, 1], (g, x) =>
      g.append('t', { kind: 'times', factor: -1 }, [g.flatten('f', x)]),
    ),
  },
  add: {
    two: graphOf([3, 4, 5], (g, x) => g.add('a', x, g.activation('r', x, 'relu'))),
    'four, one twice': graphOf([3, 4, 5], (g, x) => {
      const y = g.activation('r', x, 'sigmoid');
      return g.add('a', x, y, g.activation('s', x, 'relu'), y);
    }),
  },
  mul: {
    'of one shape': graphOf([3, 4, 5], (g, x) => g.mul('m', x, g.activation('s', x, 'sigmoid'))),
    'by a factor per pixel': graphOf([3, 4, 5], (g, x) => g.mul('m', x, g.slice('s', x, 1, 2))),
    'by a factor per channel': graphOf([3, 4, 5], (g, x) => g.mul('m', x, g.globalAvgPool('p', x))),
  },
  concat: {
    three: graphOf([3, 4, 5], (g, x) =>
      g.concat('k', x, g.activation('r', x, 'relu'), g.slice('s', x, 1, 2)),
    ),
  },
  slice: {
    'in the middle': graphOf([5, 3, 4], (g, x) => g.slice('s', x, 1, 4)),
    'to the end': graphOf([5, 3, 4], (g, x) => g.slice('s', x, 3, 5)),
  },
  permuteChannels: {
    'two groups': graphOf([6, 2, 3], (g, x) => g.permuteChannels('p', x, 2)),
    'four groups': graphOf([12, 2, 1], (g, x) => g.permuteChannels('p', x, 4)),
  },
  globalAvgPool: { map: graphOf([3, 4, 5], (g, x) => g.globalAvgPool('p', x)) },
  avgPool: {
    'two by two': graphOf([3, 4, 7], (g, x) => g.avgPool('p', x, { kernel: 2, stride: 2 })),
    padded: graphOf([3, 5, 6], (g, x) => g.avgPool('p', x, { kernel: 3, stride: 2, padding: 1 })),
    'one stride per axis': graphOf([2, 5, 6], (g, x) =>
      g.avgPool('p', x, { kernel: [2, 3], stride: [1, 2] }),
    ),
  },
  maxPool: {
    'two by two': graphOf([3, 4, 7], (g, x) => g.maxPool('p', x, { kernel: 2, stride: 2 })),
    padded: graphOf([3, 5, 6], (g, x) => g.maxPool('p', x, { kernel: 3, stride: 2, padding: 1 })),
    'one stride per axis': graphOf([2, 5, 6], (g, x) =>
      g.maxPool('p', x, { kernel: [3, 2], stride: [2, 1], padding: [1, 0] }),
    ),
  },
  pad: {
    'below and right': graphOf([2, 3, 4], (g, x) => g.pad('p', x, [0, 0, 1, 1])),
    'unlike on every side': graphOf([2, 3, 4], (g, x) => g.pad('p', x, [1, 0, 2, 3])),
    'by its edge': graphOf([2, 3, 4], (g, x) => g.pad('p', x, [2, 1, 0, 3], 'edge')),
    'of zeros, before a maximum': graphOf([2, 3, 4], (g, x) =>
      g.maxPool('m', g.pad('p', x, [1, 1, 1, 1]), { kernel: 2 }),
    ),
    'by its edge, before a maximum': graphOf([2, 3, 4], (g, x) =>
      g.maxPool('m', g.pad('p', x, [1, 0, 0, 1], 'edge'), { kernel: 2 }),
    ),
    'before an average': graphOf([2, 3, 4], (g, x) =>
      g.avgPool('m', g.pad('p', x, [1, 0, 0, 1]), { kernel: 2 }),
    ),
    'before a window': graphOf([2, 6, 5], (g, x) =>
      g.conv2d('c', g.pad('p', x, [0, 0, 1, 1]), { outChannels: 3, kernel: 3, stride: 2, padding: 0 }),
    ),
  },
  resize: {
    'twice as large': graphOf([2, 3, 4], (g, x) => g.resize('r', x, [6, 8])),
    'three times and a half': graphOf([2, 2, 3], (g, x) => g.resize('r', x, [7, 7])),
    smaller: graphOf([2, 7, 6], (g, x) => g.resize('r', x, [3, 4])),
    'to a size that its factor misses in float32': graphOf([2, 7, 6], (g, x) => g.resize('r', x, [31, 6])),
    'to pixels that its factor misses in float32': graphOf([2, 5, 14], (g, x) => g.resize('r', x, [5, 2])),
    'every size': graphOf([1, 11, 13], (g, x) => g.resize('r', x, [29, 31])),
  },
  matMul: {
    'every pixel by every pixel': graphOf([3, 2, 4], (g, x) =>
      g.matMul('p', x, g.activation('a', x, 'sigmoid'), { product: 'pixel-scores' }),
    ),
    'by the pixels of a smaller map, in groups': graphOf([6, 4, 2], (g, x) =>
      g.matMul('p', x, g.maxPool('m', x, { kernel: 2, stride: 2 }), { product: 'pixel-scores', groups: 2 }),
    ),
    'pixels weighted by channels, in groups': graphOf([12, 2, 3], (g, x) =>
      g.matMul('p', x, g.slice('s', x, 2, 8), { product: 'weighted-pixels', groups: 2 }),
    ),
    'every channel by every channel': graphOf([4, 2, 3], (g, x) =>
      g.matMul('p', x, g.slice('s', x, 1, 3), { product: 'channel-scores' }),
    ),
    'every channel by every channel, in groups': graphOf([4, 2, 3], (g, x) =>
      g.matMul('p', x, g.activation('a', x, 'relu'), { product: 'channel-scores', groups: 2 }),
    ),
    'attention of one shared head': graphOf([6, 2, 3], (g, x) => {
      const shared = g.slice('s', x, 1, 4);
      const scores = g.matMul('k', x, shared, { product: 'pixel-scores', groups: 2, shared: true });
      const weights = g.softmax('w', scores, 2);
      return g.matMul('v', weights, shared, { product: 'weighted-pixels', groups: 2, shared: true });
    }),
    'attention between channels': graphOf([6, 2, 3], (g, x) => {
      const scores = g.matMul('k', x, g.times('t', x, 0.3), { product: 'channel-scores', groups: 2 });
      return g.matMul('v', x, g.pixelSoftmax('w', scores), { product: 'weighted-pixels', groups: 2 });
    }),
  },
  linearAttention: {
    'of one head': graphOf([3, 2, 3], (g, x) => {
      const [query, key] = [g.activation('q', x, 'sigmoid'), g.activation('k', x, 'hard-sigmoid')];
      return g.linearAttention('a', { query, key, value: x });
    }),
    'of two heads, to a smaller map of fewer values': graphOf([6, 2, 4], (g, x) => {
      const smaller = g.maxPool('m', x, { kernel: 2, stride: 2 });
      const [query, key] = [g.activation('q', x, 'sigmoid'), g.activation('k', smaller, 'sigmoid')];
      return g.linearAttention('a', { query, key, value: g.slice('v', smaller, 1, 5) }, 2, 0.1);
    }),
  },
  softmax: {
    'of all channels': graphOf([4, 2, 3], (g, x) => g.softmax('s', x)),
    'in groups': graphOf([6, 3, 2], (g, x) => g.softmax('s', x, 2)),
  },
  pixelSoftmax: { map: graphOf([3, 2, 4], (g, x) => g.pixelSoftmax('s', x)) },
  spaceToDepth: {
    'two by two': graphOf([3, 4, 6], (g, x) => g.spaceToDepth('d', x, 2)),
    'three by three': graphOf([2, 3, 6], (g, x) => g.spaceToDepth('d', x, 3)),
  },
  depthToSpace: {
    'two by two': graphOf([12, 2, 3], (g, x) => g.depthToSpace('d', x, 2)),
    'three by three': graphOf([9, 1, 2], (g, x) => g.depthToSpace('d', x, 3)),
  },
  flatten: { map: graphOf([3, 2, 4], (g, x) => g.flatten('f', x)) },
};
