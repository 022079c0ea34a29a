/** The training form of every operation: forward, and the gradient it emits. */
import { applyRule, type RuleTable } from '../../../graph/operations/ops.js';
import { type Parameter, parameterOfRole } from '../../../graph/parameters.js';
import type { Shape } from '../../../graph/shape.js';
import type { Tensor } from '../model.js';
import { type Lowered, type LoweringSite, pixels, rowLength, type TrainingContext } from './context.js';
import { linearMap } from './convolution/linear.js';
import { activate } from './maps/activations.js';
import { linearAttention, matMul, softmax } from './maps/attention.js';
import { depthToSpace, spaceToDepth } from './maps/blocks-of-pixels.js';
import { gate } from './maps/gating.js';
import { mapShape } from './maps/map-shape.js';
import { padded, resized } from './maps/moving.js';
import { averagePool, maxPool } from './maps/pooling.js';
import { addPositions } from './maps/positions.js';
import { leakyRelu, prelu } from './maps/rectifiers.js';
import { scale } from './maps/scale.js';
import { type BatchNormParameters, batchNorm } from './normalisation/batch-norm.js';
import { type Affine, groupNorm, l2Norm, layerNorm } from './normalisation/image-norm.js';
import { rowSum } from './normalisation/row-passes.js';

export const lowerForTraining = (context: TrainingContext, site: LoweringSite): Lowered =>
  applyRule(trainingRules, site.node.op, context, site);

export const batchNormParameters = (
  parameters: readonly Parameter[],
  epsilon: number,
): BatchNormParameters => ({
  gamma: parameterOfRole(parameters, 'gamma'),
  beta: parameterOfRole(parameters, 'beta'),
  mean: parameterOfRole(parameters, 'running-mean'),
  variance: parameterOfRole(parameters, 'running-variance'),
  epsilon,
});

const affineOf = (parameters: readonly Parameter[]): Affine => ({
  gamma: parameterOfRole(parameters, 'gamma'),
  beta: parameterOfRole(parameters, 'beta'),
});

const first = (inputs: readonly Tensor[]): Tensor => {
  const [tensor] = inputs;
  if (tensor === undefined) throw new RangeError('The operation has no input.');
  return tensor;
};

/** Of values of one shape. */
export const sumOf = ({ ops, layout }: TrainingContext, values: readonly Tensor[], shape: Shape): Tensor =>
  rowSum(ops, values, { channels: shape[0], length: rowLength(layout, shape) });

const linear = (context: TrainingContext, site: LoweringSite, bias: Parameter | null): Lowered => {
  const { ops } = context;
  const { operator, weights, setGradient } = linearMap(context, site, first(site.inputs));
  const { groups, outputs } = operator;
  const offset = bias ? ops.reshape(context.tensor(bias), groups, outputs, 1) : undefined;
  return {
    output: operator.forward(weights, offset),
    backward: (gradient, [needed = true]) => {
      setGradient(operator.weightGradient(gradient));
      if (bias) context.setGradient([bias], ops.sum(gradient, 1));
      return [needed ? operator.inputGradient({ weights, gradient }) : null];
    },
  };
};

const trainingRules: RuleTable<[context: TrainingContext, site: LoweringSite], Lowered> = {
  input: (_op, _context, { inputs }) => ({ output: first(inputs), backward: () => [] }),
  conv2d: (op, context, site) =>
    linear(context, site, op.bias ? parameterOfRole(site.parameters, 'bias') : null),
  channelConv: (_op, context, site) => linear(context, site, null),
  dense: (op, context, { inputs, parameters }) => {
    const { ops } = context;
    const x = first(inputs);
    const kernel = parameterOfRole(parameters, 'kernel');
    const bias = op.bias ? parameterOfRole(parameters, 'bias') : null;
    const product = ops.matMul(context.tensor(kernel), x);
    return {
      output: bias ? ops.add(product, ops.reshape(context.tensor(bias), op.outFeatures, 1)) : product,
      backward: (gradient, [needed = true]) => {
        context.setGradient([kernel], ops.matMulTransB(gradient, x));
        if (bias) context.setGradient([bias], ops.sum(gradient, 1));
        return [needed ? ops.matMulTransA(context.tensor(kernel), gradient) : null];
      },
    };
  },
  batchNorm: (op, context, { node, inputs, parameters }) => {
    const { ops } = context;
    const rows = { channels: node.shape[0], length: rowLength(context.layout, node.shape) };
    const norm = batchNormParameters(parameters, op.epsilon);
    const { output, backward } = batchNorm(context, norm, first(inputs), rows, null);
    return {
      output,
      backward: (gradient, [needed = true]) => {
        const arriving = backward(gradient, needed);
        return [arriving && ops.mul(arriving.rows, ops.reshape(arriving.factor, rows.channels, 1))];
      },
    };
  },
  scale: (op, context, site) => scale(context, site, op.bias),
  scaleGroups: (op, context, site) => scale(context, site, op.bias),
  layerNorm: (op, context, { inputs, parameters }) =>
    layerNorm(context, first(inputs), affineOf(parameters), op.epsilon),
  groupNorm: (op, context, { node, inputs, parameters }) =>
    groupNorm(context, first(inputs), affineOf(parameters), { ...op, shape: mapShape(node.shape) }),
  l2Norm: (op, context, { node, inputs }) => l2Norm(context, op, first(inputs), mapShape(node.shape)),
  addPositions: (op, context, site) => addPositions(context, op, site),
  leakyRelu: (op, { ops }, { inputs }) => leakyRelu(ops, first(inputs), op.slope),
  prelu: (_op, context, { inputs, parameters }) =>
    prelu(context, first(inputs), parameterOfRole(parameters, 'slope')),
  times: (op, { ops }, { inputs }) => ({
    output: ops.times(first(inputs), op.factor),
    backward: (gradient) => [ops.times(gradient, op.factor)],
  }),
  activation: (op, { ops }, { inputs }) => {
    const { output, backward } = activate(ops, first(inputs), op.function);
    return { output, backward: (gradient) => [backward(gradient)] };
  },
  add: (_op, context, { node, inputs }) => ({
    output: sumOf(context, inputs, node.shape),
    backward: (gradient) => inputs.map(() => gradient),
  }),
  mul: (_op, context, { node, inputs, shapes }) => {
    const { ops } = context;
    const [x, factor] = [first(inputs), first(inputs.slice(1))];
    const { shape } = node;
    if (pixels(shapes[1] ?? shape) < pixels(shape)) return gate(context, x, factor, mapShape(shape));
    const isOfAll = (shapes[1]?.[0] ?? shape[0]) < shape[0];
    const factorGradient = (gradient: Tensor): Tensor => {
      const each = ops.mul(gradient, x);
      return isOfAll ? ops.sum(each, 0, true) : each;
    };
    return {
      output: ops.mul(x, factor),
      backward: (gradient) => [ops.mul(gradient, factor), factorGradient(gradient)],
    };
  },
  concat: (_op, { ops }, { inputs, shapes }) => ({
    output: ops.concat(0, inputs),
    backward: (gradient) =>
      ops.split(
        gradient,
        0,
        shapes.map(([channels]) => channels),
      ),
  }),
  slice: (op, { ops }, { inputs, shapes }) => ({
    output: ops.slice(first(inputs), 0, op.start, op.end),
    backward: (gradient) => [ops.pad(gradient, [op.start, 0], [(shapes[0]?.[0] ?? 0) - op.end, 0])],
  }),
  permuteChannels: (op, context, { node, inputs }) => {
    const { ops } = context;
    const [channels] = node.shape;
    const length = rowLength(context.layout, node.shape);
    const shuffle = (tensor: Tensor, groups: number): Tensor => {
      if (groups === 1 || groups === channels) return tensor;
      const dealt = ops.transpose(ops.reshape(tensor, groups, channels / groups, length), 1, 0, 2);
      return ops.reshape(dealt, channels, length);
    };
    return {
      output: shuffle(first(inputs), op.groups),
      backward: (gradient) => [shuffle(gradient, channels / op.groups)],
    };
  },
  globalAvgPool: (_op, context, { inputs, shapes }) => {
    const { ops } = context;
    const { batch, lanes } = context.layout;
    const [channels, height, width] = mapShape(shapes[0]);
    const size = height * width;
    const blocks = batch / lanes;
    const means = ops.mean(ops.reshape(first(inputs), channels, blocks, size, lanes), 2);
    return {
      output: ops.reshape(means, channels, batch),
      backward: (gradient) => {
        const share = ops.reshape(ops.times(gradient, 1 / size), channels, blocks, 1, lanes);
        return [ops.reshape(ops.expand(share, channels, blocks, size, lanes), channels, batch * size)];
      },
    };
  },
  avgPool: (op, context, { node, inputs, shapes }) =>
    averagePool(context, op, first(inputs), mapShape(shapes[0]), mapShape(node.shape)),
  maxPool: (op, context, { node, inputs, shapes }) =>
    maxPool(context, op, first(inputs), mapShape(shapes[0]), mapShape(node.shape)),
  pad: (op, context, { inputs, shapes }) => padded(context, op, first(inputs), mapShape(shapes[0])),
  resize: (op, context, { inputs, shapes }) => resized(context, op.size, first(inputs), mapShape(shapes[0])),
  matMul: (op, context, { node, inputs, shapes }) =>
    matMul(
      context,
      op,
      [first(inputs), first(inputs.slice(1))],
      [mapShape(shapes[0]), mapShape(shapes[1]), mapShape(node.shape)],
    ),
  linearAttention: (op, context, { inputs, shapes }) =>
    linearAttention(context, op, inputs, shapes.map(mapShape)),
  softmax: ({ groups }, context, { node, inputs }) => {
    const length = rowLength(context.layout, node.shape);
    return softmax(context.ops, first(inputs), {
      apart: [groups, node.shape[0] / groups, length],
      whole: [node.shape[0], length],
    });
  },
  pixelSoftmax: (_op, { ops, layout: { batch, lanes } }, { node, inputs }) => {
    const [channels] = node.shape;
    const size = pixels(node.shape);
    return softmax(ops, first(inputs), {
      apart: [(channels * batch) / lanes, size, lanes],
      whole: [channels, batch * size],
    });
  },
  spaceToDepth: ({ size }, context, { inputs, node }) => ({
    output: spaceToDepth(context, first(inputs), mapShape(node.shape), size),
    backward: (gradient) => [depthToSpace(context, gradient, mapShape(node.shape), size)],
  }),
  depthToSpace: ({ size }, context, { inputs, shapes }) => ({
    output: depthToSpace(context, first(inputs), mapShape(shapes[0]), size),
    backward: (gradient) => [spaceToDepth(context, gradient, mapShape(shapes[0]), size)],
  }),
  flatten: (_op, context, { inputs, shapes }) => {
    const { ops } = context;
    const { batch, lanes } = context.layout;
    const [channels, height, width] = mapShape(shapes[0]);
    const size = height * width;
    const blocks = batch / lanes;
    const x = first(inputs);
    if (size === 1) return { output: x, backward: (gradient) => [gradient] };
    const turned = ops.transpose(ops.reshape(x, channels, blocks, size, lanes), 0, 2, 1, 3);
    return {
      output: ops.reshape(turned, channels * size, batch),
      backward: (gradient) => {
        const features = ops.reshape(gradient, channels, size, blocks, lanes);
        return [ops.reshape(ops.transpose(features, 0, 2, 1, 3), channels, batch * size)];
      },
    };
  },
};
