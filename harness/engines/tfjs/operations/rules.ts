/** Every operation in TF.js's own, which it differentiates. Maps are images x height x width x channels. */
import type { GraphNode } from '../../../graph/graph.js';
import { applyRule, type RuleTable } from '../../../graph/operations/ops.js';
import { positionCodes } from '../../../graph/operations/position-codes.js';
import type { ParameterRole } from '../../../graph/parameters.js';
import { tf } from '../backends/tf.js';
import { activate } from './activations.js';
import { depthToSpace, linearAttention, matMul, pixelSoftmax, softmax, spaceToDepth } from './attention.js';
import {
  channelKernel,
  convolutionKernel,
  convolve,
  convolveChannels,
  pad,
  padAxes,
  spread,
} from './convolution.js';
import { groupNorm, l2Norm, layerNorm } from './image-norm.js';
import { padEdge, resizeNearest } from './moving.js';
import { asMap, asVolume } from './tensors.js';

/** A parameter's stored layout, PyTorch's, turned into what an operation of TF.js wants. */
export type Arrange = (stored: tf.Tensor) => tf.Tensor;

/** What a rule sees of its node. */
export interface Site {
  readonly node: GraphNode;
  readonly inputs: readonly tf.Tensor[];
  /** The node's parameter of this role. */
  parameter(role: ParameterRole, arrange?: Arrange): tf.Tensor;
  /** The node's batch norm, with the statistics that the mode asks for. */
  batchNorm(x: tf.Tensor4D, epsilon: number): tf.Tensor4D;
}

export const evaluate = (site: Site): tf.Tensor => applyRule(rules, site.node.op, site);

/** Channels of a map, or features of a vector, lie last. */
const CHANNELS = 3;

const rules: RuleTable<[site: Site], tf.Tensor> = {
  input: (_op, { inputs }) => only(inputs),
  conv2d: (op, site) => {
    const maps = convolve(op, map(site), asMap(site.parameter('kernel', convolutionKernel(op))));
    return op.bias ? tf.add(maps, site.parameter('bias')) : maps;
  },
  channelConv: (op, site) =>
    convolveChannels(op, map(site), asVolume(site.parameter('kernel', channelKernel))),
  dense: (op, site) => {
    const features = tf.matMul(only(site.inputs), site.parameter('kernel'), false, true);
    return op.bias ? tf.add(features, site.parameter('bias')) : features;
  },
  batchNorm: (op, site) => site.batchNorm(map(site), op.epsilon),
  scale: (op, site) => affine(map(site), site, op.bias),
  scaleGroups: (op, site) => {
    const x = map(site);
    const [images, height, width, channels] = x.shape;
    const groups = tf.reshape(x, [images * height * width, op.groups, channels / op.groups]);
    return tf.reshape(
      affine(groups, site, op.bias, (stored) => tf.reshape(stored, [op.groups, 1])),
      x.shape,
    );
  },
  layerNorm: (op, site) => affine(layerNorm(map(site), op.epsilon), site, true),
  groupNorm: (op, site) => affine(groupNorm(map(site), op.groups, op.epsilon), site, true),
  l2Norm: (op, site) => l2Norm(map(site), op),
  addPositions: (op, site) => {
    const x = map(site);
    const [, height, width, channels] = x.shape;
    const codes = tf.tensor(positionCodes(op, [height, width]), [2 * op.codes, height * width]);
    const kernel = tf.reshape(site.parameter('kernel'), [channels, 2 * op.codes]);
    const projected = tf.reshape(tf.matMul(codes, kernel, true, true), [1, height, width, channels]);
    return tf.add(x, tf.add(projected, site.parameter('bias')));
  },
  leakyRelu: (op, { inputs }) => rectified(only(inputs), op.slope),
  prelu: (_op, site) => rectified(map(site), site.parameter('slope')),
  times: (op, { inputs }) => tf.mul(only(inputs), op.factor),
  activation: (op, { inputs }) => activate(only(inputs), op.function),
  add: (_op, { inputs }) => inputs.reduce((sum, value) => tf.add(sum, value)),
  mul: (_op, { inputs }) => inputs.reduce((product, value) => tf.mul(product, value)),
  concat: (_op, { inputs }) => tf.concat([...inputs], CHANNELS),
  slice: (op, site) => tf.slice(map(site), [0, 0, 0, op.start], [-1, -1, -1, op.end - op.start]),
  permuteChannels: (op, site) => {
    const x = map(site);
    const [images, height, width, channels] = x.shape;
    const matrix = tf.reshape(x, [images * height * width, op.groups, channels / op.groups]);
    return tf.reshape(tf.transpose(matrix, [0, 2, 1]), x.shape);
  },
  globalAvgPool: (_op, site) => tf.mean(map(site), [1, 2], true),
  avgPool: (op, site) =>
    tf.avgPool(pad(map(site), op.padding), spread(op.kernel), spread(op.stride), 'valid'),
  maxPool: (op, site) =>
    tf.maxPool(
      pad(map(site), op.padding, Number.NEGATIVE_INFINITY),
      spread(op.kernel),
      spread(op.stride),
      'valid',
    ),
  pad: ({ padding: [top, left, bottom, right], fill }, site) =>
    fill === 'edge'
      ? padEdge(map(site), [top, left, bottom, right])
      : padAxes(map(site), { 1: [top, bottom], 2: [left, right] }),
  resize: (op, site) => resizeNearest(map(site), op.size),
  matMul: (op, site) => matMul(op, map(site), asMap(site.inputs[1]), site.node.shape),
  linearAttention: (op, site) => linearAttention(op, site.inputs.map(asMap)),
  softmax: (op, site) => softmax(map(site), op.groups),
  pixelSoftmax: (_op, site) => pixelSoftmax(map(site)),
  spaceToDepth: (op, site) => spaceToDepth(map(site), op.size),
  depthToSpace: (op, site) => depthToSpace(map(site), op.size),
  flatten: (_op, { node, inputs }) =>
    tf.reshape(tf.transpose(asMap(only(inputs)), [0, 3, 1, 2]), [-1, ...node.shape]),
};

/** With a factor, and an offset where `bias`: for each channel, unless they are arranged otherwise. */
const affine = (x: tf.Tensor, site: Site, bias: boolean, arrange?: Arrange): tf.Tensor => {
  const scaled = tf.mul(x, site.parameter('gamma', arrange));
  return bias ? tf.add(scaled, site.parameter('beta', arrange)) : scaled;
};

/** relu(x) - slope relu(-x) */
const rectified = (x: tf.Tensor, slope: tf.Tensor | number): tf.Tensor =>
  tf.sub(tf.relu(x), tf.mul(tf.relu(tf.neg(x)), slope));

const only = ([value]: readonly tf.Tensor[]): tf.Tensor => {
  if (!value) throw new RangeError('The operation has no input.');
  return value;
};

const map = ({ inputs }: Site): tf.Tensor4D => asMap(only(inputs));
