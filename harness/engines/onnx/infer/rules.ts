/**
 * The inference form of every operation as nodes of ONNX's own operator set. Maps are batch x channels x height x width. The batch
 * stays open: a reshape copies it (0), so that one lowering serves every batch size. The last node of an operation bears its name.
 */

import type { GraphNode } from '../../../graph/graph.js';
import {
  type ActivationFunction,
  applyRule,
  type Fill,
  type OpKind,
  type Pair,
  type RuleTable,
} from '../../../graph/operations/ops.js';
import { positionCodes } from '../../../graph/operations/position-codes.js';
import { type Parameter, type ParameterRole, parameterOfRole } from '../../../graph/parameters.js';
import { elementCount, type Shape } from '../../../graph/shape.js';
import type { Attribute, OnnxModel, Tensor } from '../model.js';
import { linearAttention, matMul, pixelSoftmax, softmax } from './attention.js';
import { resizedTo } from './resize.js';

/** What a rule sees of its node: the tensors it reads, their shapes, and its parameters, which stand in the model by path. */
export interface InferenceSite {
  readonly node: GraphNode;
  readonly inputs: readonly Tensor[];
  readonly shapes: readonly Shape[];
  readonly parameters: readonly Parameter[];
  /** Operations that read the output. */
  readonly readers: readonly OpKind[];
  /** Name of the output. */
  readonly name: string;
}

/** Adds the nodes of one operation and returns its output. */
export const lowerForInference = (model: OnnxModel, site: InferenceSite): Tensor =>
  applyRule(inferenceRules, site.node.op, model, site);

/** As the first size of a reshape: the batch, whatever it is. */
const SAME_BATCH = 0;

const inferenceRules: RuleTable<[model: OnnxModel, site: InferenceSite], Tensor> = {
  input: (_op, _model, { inputs }) => first(inputs),
  conv2d: (op, model, { inputs, parameters, name }) =>
    model.node('Conv', [first(inputs), ...parameters.map(({ path }) => path)], {
      name,
      attributes: {
        kernel_shape: op.kernel,
        strides: op.stride,
        pads: bothSides(op.padding),
        dilations: op.dilation,
        group: op.groups,
      },
    }),
  /** The channels become the depth of a one-map volume; every filter's maps come out side by side. */
  channelConv: (op, model, { node, inputs, shapes, parameters, name }) => {
    const [before, after] = op.channelPadding;
    const volume = reshape(model, first(inputs), [SAME_BATCH, 1, ...(shapes[0] ?? [])]);
    const maps = model.node('Conv', [volume, parameter(parameters, 'kernel')], {
      attributes: {
        kernel_shape: op.kernel,
        strides: [op.channelStride, 1, 1],
        pads: [before, 0, 0, after, 0, 0],
      },
    });
    return reshape(model, maps, [SAME_BATCH, ...node.shape], name);
  },
  dense: (_op, model, { inputs, parameters, name }) =>
    model.node('Gemm', [first(inputs), ...parameters.map(({ path }) => path)], {
      name,
      attributes: { transB: 1 },
    }),
  batchNorm: (op, model, { inputs, parameters, name }) => {
    const roles = ['gamma', 'beta', 'running-mean', 'running-variance'] as const;
    const values = roles.map((role) => parameter(parameters, role));
    return model.node('BatchNormalization', [first(inputs), ...values], {
      name,
      attributes: { epsilon: { float: op.epsilon } },
    });
  },
  scale: (op, model, site) => scaled(model, site, op.bias),
  scaleGroups: (op, model, site) => {
    const { inputs, parameters, node, name } = site;
    if (op.groups === 1) return scaled(model, site, op.bias);
    const size = elementCount(node.shape) / op.groups;
    const groups = reshape(model, first(inputs), [SAME_BATCH, op.groups, size, 1]);
    const result = scaled(model, { inputs: [groups], parameters }, op.bias);
    return reshape(model, result, [SAME_BATCH, ...node.shape], name);
  },
  /** Over the last axis, as ONNX has it. */
  layerNorm: (op, model, { inputs, parameters, name }) => {
    const last = model.node('Transpose', [first(inputs)], { attributes: { perm: [0, 2, 3, 1] } });
    const affine = [parameter(parameters, 'gamma'), parameter(parameters, 'beta')];
    const normalised = model.node('LayerNormalization', [last, ...affine], {
      attributes: { axis: -1, epsilon: { float: op.epsilon } },
    });
    return model.node('Transpose', [normalised], { name, attributes: { perm: [0, 3, 1, 2] } });
  },
  /** An instance norm of the groups, as PyTorch exports it: ONNX's GroupNormalization has a factor per channel from opset 21 on. */
  groupNorm: (op, model, { node, inputs, parameters, name }) => {
    const size = elementCount(node.shape) / op.groups;
    const groups = reshape(model, first(inputs), [SAME_BATCH, op.groups, size]);
    const [ones, zeros] = [1, 0].map((value) => model.constant(new Float32Array(op.groups).fill(value)));
    const normalised = model.node('InstanceNormalization', [groups, ones ?? '', zeros ?? ''], {
      attributes: { epsilon: { float: op.epsilon } },
    });
    const map = reshape(model, normalised, [SAME_BATCH, ...node.shape]);
    const scaled = model.node('Mul', [map, perChannel(model, parameters, 'gamma')]);
    return model.node('Add', [scaled, perChannel(model, parameters, 'beta')], { name });
  },
  l2Norm: (op, model, { inputs, name }) => {
    const axes = model.integers(...(op.over === 'channels' ? [1] : [2, 3]));
    const norms = model.node('ReduceL2', [first(inputs), axes], { attributes: { keepdims: 1 } });
    const divisors = model.node('Max', [norms, model.constant(op.epsilon)]);
    return model.node('Div', [first(inputs), divisors], { name });
  },
  /** The codes are one image, which is added to every image of the batch. */
  addPositions: (op, model, { node, inputs, parameters, name }) => {
    const [, height = 1, width = 1] = node.shape;
    const codes = model.constant(positionCodes(op, [height, width]), [1, 2 * op.codes, height, width]);
    const projected = model.node('Conv', [codes, ...parameters.map(({ path }) => path)], {
      attributes: { kernel_shape: [1, 1] },
    });
    return model.node('Add', [first(inputs), projected], { name });
  },
  leakyRelu: (op, model, { inputs, name }) =>
    model.node('LeakyRelu', inputs, { name, attributes: { alpha: { float: op.slope } } }),
  prelu: (_op, model, { inputs, parameters, name }) =>
    model.node('PRelu', [first(inputs), perChannel(model, parameters, 'slope')], { name }),
  times: (op, model, { inputs, name }) =>
    model.node('Mul', [first(inputs), model.constant(op.factor)], { name }),
  activation: (op, model, { inputs, name }) => activationRules[op.function](model, first(inputs), name),
  add: (_op, model, { inputs, name }) => model.node(inputs.length === 2 ? 'Add' : 'Sum', inputs, { name }),
  mul: (_op, model, { inputs, name }) => model.node('Mul', inputs, { name }),
  concat: (_op, model, { inputs, name }) => model.node('Concat', inputs, { name, attributes: { axis: 1 } }),
  slice: (op, model, { inputs, name }) => {
    const bounds = [op.start, op.end, 1].map((n) => model.integers(n));
    return model.node('Slice', [first(inputs), ...bounds], { name });
  },
  permuteChannels: (op, model, { node, inputs, name }) => {
    const [channels, ...pixels] = node.shape;
    const matrix = reshape(model, first(inputs), [SAME_BATCH, op.groups, channels / op.groups, ...pixels]);
    const transposed = model.node('Transpose', [matrix], { attributes: { perm: [0, 2, 1, 3, 4] } });
    return reshape(model, transposed, [SAME_BATCH, ...node.shape], name);
  },
  globalAvgPool: (_op, model, { inputs, name }) => model.node('GlobalAveragePool', inputs, { name }),
  avgPool: (op, model, { inputs, name }) =>
    model.node('AveragePool', inputs, { name, attributes: { ...window(op), count_include_pad: 1 } }),
  maxPool: (op, model, { inputs, name }) => model.node('MaxPool', inputs, { name, attributes: window(op) }),
  /**
   * onnxruntime takes a Pad into the window after it, which saves a copy; but 1.30 also takes zeros into a maximum, whose own padding is no
   * value. It leaves a Pad alone that names its axes.
   */
  pad: (op, model, { inputs, readers, name }) => {
    const [top, left, bottom, right] = op.padding;
    const amounts = model.integers(0, 0, top, left, 0, 0, bottom, right);
    const axes = readers.includes('maxPool') ? [model.constant(0), model.integers(0, 1, 2, 3)] : [];
    return model.node('Pad', [first(inputs), amounts, ...axes], {
      name,
      attributes: { mode: FILL_MODES[op.fill] },
    });
  },
  resize: (op, model, { inputs, shapes, name }) =>
    resizedTo(model, op.size, first(inputs), shapes[0] ?? [], name),
  matMul: (op, model, { node, inputs, shapes, name }) => {
    return matMul(model, op, { inputs, shapes }, { name, shape: node.shape });
  },
  linearAttention: (op, model, { node, inputs, shapes, name }) =>
    linearAttention(model, op, { inputs, shapes }, { name, shape: node.shape }),
  softmax: (op, model, { node, inputs, name }) =>
    softmax(model, first(inputs), op.groups, { name, shape: node.shape }),
  pixelSoftmax: (_op, model, { node, inputs, name }) =>
    pixelSoftmax(model, first(inputs), { name, shape: node.shape }),
  spaceToDepth: (op, model, { inputs, name }) =>
    model.node('SpaceToDepth', inputs, { name, attributes: { blocksize: op.size } }),
  depthToSpace: (op, model, { inputs, name }) =>
    model.node('DepthToSpace', inputs, { name, attributes: { blocksize: op.size, mode: 'DCR' } }),
  flatten: (_op, model, { inputs, name }) => model.node('Flatten', inputs, { name, attributes: { axis: 1 } }),
};

const FILL_MODES: Record<Fill, string> = { zero: 'constant', edge: 'edge' };

const activationRules: Record<ActivationFunction, (model: OnnxModel, x: Tensor, name: string) => Tensor> = {
  relu: (model, x, name) => model.node('Relu', [x], { name }),
  relu6: (model, x, name) => model.node('Clip', [x, model.constant(0), model.constant(6)], { name }),
  sigmoid: (model, x, name) => model.node('Sigmoid', [x], { name }),
  silu: (model, x, name) => model.node('Mul', [x, model.node('Sigmoid', [x])], { name }),
  /** x (1 + erf(x / sqrt 2)) / 2: the operator set has no Gelu of its own before 20. */
  gelu: (model, x, name) => {
    const erf = model.node('Erf', [model.node('Div', [x, model.constant(Math.SQRT2)])]);
    const product = model.node('Mul', [x, model.node('Add', [erf, model.constant(1)])]);
    return model.node('Mul', [product, model.constant(0.5)], { name });
  },
  'hard-sigmoid': (model, x, name) =>
    model.node('HardSigmoid', [x], { name, attributes: { alpha: { float: 1 / 6 }, beta: { float: 0.5 } } }),
  'hard-swish': (model, x, name) => model.node('HardSwish', [x], { name }),
};

const first = ([tensor]: readonly Tensor[]): Tensor => {
  if (tensor === undefined) throw new RangeError('The operation has no input.');
  return tensor;
};

const parameter = (parameters: readonly Parameter[], role: ParameterRole): Tensor =>
  parameterOfRole(parameters, role).path;

const scaled = (
  model: OnnxModel,
  { inputs, parameters, name }: Pick<InferenceSite, 'inputs' | 'parameters'> & { readonly name?: string },
  bias: boolean,
): Tensor => {
  const factors = [first(inputs), perChannel(model, parameters, 'gamma')];
  const last = name === undefined ? {} : { name };
  if (!bias) return model.node('Mul', factors, last);
  return model.node('Add', [model.node('Mul', factors), perChannel(model, parameters, 'beta')], last);
};

/** As a map of one pixel. */
const perChannel = (model: OnnxModel, parameters: readonly Parameter[], role: ParameterRole): Tensor => {
  const { path, size } = parameterOfRole(parameters, role);
  return reshape(model, path, [size, 1, 1]);
};

const reshape = (model: OnnxModel, x: Tensor, shape: readonly number[], name?: string): Tensor =>
  model.node('Reshape', [x, model.integers(...shape)], name === undefined ? {} : { name });

const bothSides = ([height, width]: Pair): readonly number[] => [height, width, height, width];

const window = (op: {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Pair;
}): Readonly<Record<string, Attribute>> => ({
  kernel_shape: op.kernel,
  strides: op.stride,
  pads: bothSides(op.padding),
});
