/** The training form of every operation: forward, and the gradient it emits. */
import { applyRule, type RuleTable } from '../../../graph/ops.js';
import type { Parameter, ParameterRole } from '../../../graph/parameters.js';
import { isMap, type MapShape, type Shape } from '../../../graph/shape.js';
import type { Tensor } from '../model.js';
import { activate } from './activations.js';
import { type BatchNormParameters, batchNorm } from './batch-norm.js';
import { channelConvolution } from './channel-convolution.js';
import { type Lowered, type LoweringSite, pixels, rowLength, type TrainingContext } from './context.js';
import { convolution, geometryOf } from './convolution.js';
import { gate } from './gating.js';
import { averagePool, maxPool } from './pooling.js';

export const lowerForTraining = (context: TrainingContext, site: LoweringSite): Lowered =>
  applyRule(trainingRules, site.node.op, context, site);

export const parameterOf = (parameters: readonly Parameter[], role: ParameterRole): Parameter => {
  const parameter = parameters.find((candidate) => candidate.role === role);
  if (!parameter) throw new RangeError(`The operation has no parameter of role ${role}.`);
  return parameter;
};

export const batchNormParameters = (
  parameters: readonly Parameter[],
  epsilon: number,
): BatchNormParameters => ({
  gamma: parameterOf(parameters, 'gamma'),
  beta: parameterOf(parameters, 'beta'),
  mean: parameterOf(parameters, 'running-mean'),
  variance: parameterOf(parameters, 'running-variance'),
  epsilon,
});

/** Shape of a value that the shape rules guarantee to be a map. */
export const mapShape = (shape: Shape | undefined): MapShape => {
  if (shape && isMap(shape)) return shape;
  throw new TypeError('A map was expected.');
};

const first = (inputs: readonly Tensor[]): Tensor => {
  const [tensor] = inputs;
  if (tensor === undefined) throw new RangeError('The operation has no input.');
  return tensor;
};

const trainingRules: RuleTable<[context: TrainingContext, site: LoweringSite], Lowered> = {
  input: (_op, _context, { inputs }) => ({ output: first(inputs), backward: () => [] }),
  conv2d: (op, context, { node, inputs, shapes, parameters }) => {
    const { ops } = context;
    const output = mapShape(node.shape);
    const operator = convolution(
      ops,
      first(inputs),
      geometryOf(op, context.layout, mapShape(shapes[0]), output),
    );
    const kernel = parameterOf(parameters, 'kernel');
    const dims = [operator.groups, operator.outputs, operator.taps] as const;
    const weights = ops.reshape(context.tensor(kernel), ...dims);
    const bias = op.bias ? parameterOf(parameters, 'bias') : null;
    const offset = bias ? ops.reshape(context.tensor(bias), operator.groups, operator.outputs, 1) : undefined;
    return {
      output: operator.forward(weights, offset),
      backward: (gradient, [needed = true]) => {
        context.setGradient([kernel], ops.reshape(operator.weightGradient(gradient), ...kernel.shape));
        if (bias) context.setGradient([bias], ops.sum(gradient, 1));
        return [needed ? operator.inputGradient({ weights, gradient }) : null];
      },
    };
  },
  channelConv: (op, context, { node, inputs, shapes, parameters }) =>
    channelConvolution(context, op, first(inputs), {
      input: mapShape(shapes[0]),
      output: mapShape(node.shape),
      kernel: parameterOf(parameters, 'kernel'),
    }),
  dense: (op, context, { inputs, parameters }) => {
    const { ops } = context;
    const x = first(inputs);
    const kernel = parameterOf(parameters, 'kernel');
    const bias = op.bias ? parameterOf(parameters, 'bias') : null;
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
  batchNorm: (op, context, { node, inputs, parameters }) =>
    batchNorm(
      context,
      batchNormParameters(parameters, op.epsilon),
      first(inputs),
      node.shape[0],
      rowLength(context.layout, node.shape),
    ),
  scale: (op, context, { node, inputs, parameters }) => {
    const { ops } = context;
    const x = first(inputs);
    const [channels] = node.shape;
    const factor = parameterOf(parameters, 'gamma');
    const offset = op.bias ? parameterOf(parameters, 'beta') : null;
    const column = (parameter: Parameter): Tensor => ops.reshape(context.tensor(parameter), channels, 1);
    const scaled = ops.mul(x, column(factor));
    return {
      output: offset ? ops.add(scaled, column(offset)) : scaled,
      backward: (gradient) => {
        context.setGradient([factor], ops.sum(ops.mul(gradient, x), 1));
        if (offset) context.setGradient([offset], ops.sum(gradient, 1));
        return [ops.mul(gradient, column(factor))];
      },
    };
  },
  activation: (op, { ops }, { inputs }) => {
    const { output, backward } = activate(ops, first(inputs), op.function);
    return { output, backward: (gradient) => [backward(gradient)] };
  },
  add: (_op, { ops }, { inputs }) => ({
    output: ops.total(inputs),
    backward: (gradient) => inputs.map(() => gradient),
  }),
  mul: (_op, context, { node, inputs, shapes }) => {
    const { ops } = context;
    const [x, factor] = [first(inputs), first(inputs.slice(1))];
    const { shape } = node;
    if (pixels(shapes[1] ?? shape) < pixels(shape)) return gate(context, x, factor, mapShape(shape));
    return {
      output: ops.mul(x, factor),
      backward: (gradient) => [ops.mul(gradient, factor), ops.mul(gradient, x)],
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
    const shuffle = (tensor: Tensor, groups: number): Tensor =>
      ops.reshape(
        ops.transpose(ops.reshape(tensor, groups, channels / groups, length), 1, 0, 2),
        channels,
        length,
      );
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
