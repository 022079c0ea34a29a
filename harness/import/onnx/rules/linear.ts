/** Convolutions, linear layers and batch norms: what has weights. */
import type { OpKind, Pair } from '../../../graph/operations/ops.js';
import { isMap } from '../../../graph/shape.js';
import { UserError } from '../../../user/user-error.js';
import type { Constant, Variable } from '../operand.js';
import { type Rule, type Site, UNSUPPORTED } from '../site.js';
import type { NodeWeights } from '../sketch.js';
import { axisOf, withChannels } from '../view.js';
import { productOfSteps } from './linear-attention.js';
import { productOfTwo } from './product.js';
import { evenly, windowOf } from './window.js';

export const floats = ({ values }: Constant): Float32Array =>
  values instanceof Float32Array ? values : Float32Array.from(values);

/** A matrix with its axes exchanged. */
const turned = ({ values, shape: [rows = 0, columns = 0] }: Constant): Float32Array =>
  Float32Array.from(
    { length: rows * columns },
    (_, i) => values[(i % rows) * columns + Math.floor(i / rows)] ?? 0,
  );

export const conv: Rule = (site) => {
  const weight = site.parameter(1, 'its weight');
  const [outChannels = 0, , ...kernel] = weight.shape;
  const [height, width] = kernel;
  if (kernel.length === 1) return alongChannels(site, weight);
  if (height === undefined || width === undefined || kernel.length !== 2) {
    throw new UserError(`it slides along ${kernel.length} axes, not 2`, UNSUPPORTED);
  }
  const bias = biasOf(site);
  const path = site.path(weight);
  const { stride, dilation, padding, source } = windowOf(site, [height, width]);
  const isOfPixels = height * width * stride[0] * stride[1] === 1 && padding.every((amount) => amount === 0);
  const of = site.shapeOf(source);
  const view = isOfPixels && isMap(of) ? withChannels(source.view, of, 1, outChannels) : null;
  const { x, padding: even } =
    view === null
      ? evenly(site, path, { source, padding })
      : { x: site.sketch.settle(source), padding: NO_PADDING };
  const groups = site.number('group', 1);
  requireInputs(weight, groups, site.sketch.at(x).shape[0]);
  return site.value(
    site.sketch.add(
      path,
      {
        kind: 'conv2d',
        outChannels,
        kernel: [height, width],
        stride,
        padding: even,
        dilation,
        groups,
        bias: bias !== undefined,
      },
      [x],
      weightAndBias(() => floats(weight), bias),
    ),
    view ?? undefined,
  );
};

const NO_PADDING: Pair = [0, 0];

/** Zeros that are no weight are no bias either. */
const biasOf = (site: Site): Constant | undefined => {
  const given = site.inputs[2] && site.constant(2, 'its bias');
  const isNone = given && given.parameter === undefined && Array.from(given.values).every((x) => x === 0);
  return given && !isNone ? site.parameter(2, 'its bias') : undefined;
};

/** A filter that slides along the channels of a map of one pixel (ECA, arXiv:1910.03151). */
const alongChannels = (site: Site, weight: Constant): Variable => {
  const [filters = 0, inputs = 0, depth = 0] = weight.shape;
  const given = site.variable(0);
  const shape = site.shapeOf(given);
  const [before = 0, after = 0] = site.list('pads') ?? [];
  const isPlain = site.inputs[2] === undefined && site.list('dilations')?.[0] !== 2;
  const slides = axisOf(given.view, 2, shape) === 'c' && given.view.length === 3 && isMap(shape);
  if (filters !== 1 || inputs !== 1 || !slides || !isPlain || before + after !== depth - 1) {
    throw new UserError('it slides along 1 axis that is not the channels of one pixel', UNSUPPORTED);
  }
  const path = site.path(weight);
  const op = {
    kind: 'channelConv',
    filters,
    kernel: [depth, 1, 1],
    channelStride: site.list('strides')?.[0] ?? 1,
    channelPadding: [before, after],
  } as const;
  const node = site.sketch.add(path, op, [site.sketch.settle(given)], { weight: () => floats(weight) });
  return site.value(node, given.view);
};

const requireInputs = ({ shape: [, perGroup = 0] }: Constant, groups: number, channels: number): void => {
  if (perGroup * groups === channels) return;
  throw new UserError(
    `its weight is for ${perGroup * groups} channels, and it reads ${channels}`,
    'Give the input size for which the model was exported.',
  );
};

const weightAndBias = (weight: () => Float32Array, bias: Constant | undefined): NodeWeights => ({
  weight,
  ...(bias === undefined ? {} : { bias: () => floats(bias) }),
});

export const batchNormalization: Rule = (site) => {
  requireAffine(site);
  const [gamma, beta, mean, variance] = ['scale', 'shift', 'mean', 'variance'].map((what, i) =>
    site.parameter(i + 1, `its ${what}`),
  );
  const path = site.path(gamma);
  const given = site.variable(0);
  const x = site.sketch.settle(given);
  const shape = site.sketch.at(x).shape;
  if (!isMap(shape) || withChannels(given.view, shape, 1, shape[0]) === null) {
    const map = site.sketch.asMap(given, path);
    return site.value(normalised(site, map, path, [gamma, beta, mean, variance]));
  }
  return site.value(normalised(site, x, path, [gamma, beta, mean, variance]), given.view);
};

/** PyTorch's batch norm without weights is exported with ones and zeros that no module names. */
const requireAffine = (site: Site): void => {
  const isEach = (index: number, what: string, standard: number): boolean => {
    const { parameter, values } = site.constant(index, what);
    return parameter === undefined && Array.from(values).every((value) => value === standard);
  };
  if (!isEach(1, 'its scale', 1) || !isEach(2, 'its shift', 0)) return;
  throw new UserError(
    'it is a batch norm without scale and shift (affine=False), and has no counterpart here',
    'Use a batch norm with them (affine=True).',
  );
};

const normalised = (
  site: Site,
  x: number,
  path: string,
  [gamma, beta, mean, variance]: readonly (Constant | undefined)[],
): number => {
  const named = { weight: gamma, bias: beta, running_mean: mean, running_var: variance };
  const weights = Object.entries(named).flatMap(([name, constant]) =>
    constant ? [[name, () => floats(constant)] as const] : [],
  );
  const epsilon = Number(site.number('epsilon', 1e-5).toPrecision(6));
  return site.sketch.add(path, { kind: 'batchNorm', epsilon }, [x], Object.fromEntries(weights));
};

export const gemm: Rule = (site) => {
  if (site.number('alpha', 1) !== 1 || site.number('beta', 1) !== 1 || site.number('transA', 0) !== 0) {
    throw new UserError('it scales or transposes what it multiplies', UNSUPPORTED);
  }
  const weight = site.parameter(1, 'its weight');
  const bias = biasOf(site);
  return site.number('transB', 0) === 1
    ? linear(site, { weight, bias, rows: weight.shape, values: () => floats(weight) })
    : linear(site, { weight, bias, rows: weight.shape.toReversed(), values: () => turned(weight) });
};

export const matMul: Rule = (site) => {
  if (site.step(0) ?? site.step(1)) return productOfSteps(site);
  if (site.input(0).kind === 'variable' && site.input(1).kind === 'variable') return productOfTwo(site);
  const weight = site.constant(1, 'its second factor');
  if (weight.shape.length !== 2 || weight.parameter === undefined) {
    throw new UserError('it multiplies by something other than a weight of two axes', UNSUPPORTED);
  }
  return linear(site, {
    weight,
    bias: undefined,
    rows: weight.shape.toReversed(),
    values: () => turned(weight),
  });
};

interface Layer {
  readonly weight: Constant;
  readonly bias: Constant | undefined;
  /** Outputs and inputs. */
  readonly rows: readonly number[];
  /** Row by row. */
  readonly values: () => Float32Array;
}

/**
 * Over the last dimension: of a map a 1x1 convolution; of a vector, and before the output, a dense layer, unless a layer norm follows, which
 * is one of maps.
 */
const linear = (site: Site, { weight, bias, rows: [outputs = 0, inputs = 0], values }: Layer): Variable => {
  const path = site.path(weight);
  const given = site.variable(0);
  const weights = weightAndBias(values, bias);
  const shape = site.shapeOf(given);
  const last = given.view.length - 1;
  const view = isMap(shape) ? withChannels(given.view, shape, last, outputs) : null;
  const hasBias = bias !== undefined;
  const isNormed = site.readers.includes('LayerNormalization');
  if (view === null || (site.isTail && last === 1 && !isNormed)) {
    const x = site.sketch.asVector(given, path);
    requireInputs({ ...weight, shape: [outputs, inputs] }, 1, site.sketch.at(x).shape[0]);
    return site.value(
      site.sketch.add(path, { kind: 'dense', outFeatures: outputs, bias: hasBias }, [x], weights),
    );
  }
  requireInputs({ ...weight, shape: [outputs, inputs] }, 1, shape[0]);
  const op = { ...POINTWISE, outChannels: outputs, bias: hasBias };
  return site.value(site.sketch.add(path, op, [site.sketch.settle(given)], weights), view);
};

const ONE: Pair = [1, 1];

const POINTWISE = {
  kind: 'conv2d',
  kernel: ONE,
  stride: ONE,
  padding: [0, 0],
  dilation: ONE,
  groups: 1,
} as const;

/** Layers that may have an offset for each output channel, or for each group. */
const HAS_BIAS: ReadonlySet<OpKind> = new Set(['conv2d', 'dense', 'scale', 'scaleGroups']);

/** The layer without bias that an addition of this constant completes; undefined where there is none. */
export const withBias = (site: Site, index: number, bias: Constant): Variable | undefined => {
  const layer = site.variable(index);
  const { op, inputs, weights, path } = site.sketch.at(layer.node);
  if (!site.readsAlone(index)) return undefined;
  const count = op.kind === 'scaleGroups' ? op.groups : site.shapeOf(layer)[0];
  if (bias.values.length !== count) return undefined;
  if (op.kind === 'groupNorm' && weights.weight && !weights.bias) {
    const node = site.sketch.add(path, op, inputs, { ...weights, bias: () => floats(bias) });
    return { ...layer, node };
  }
  if (!HAS_BIAS.has(op.kind) || !('bias' in op) || op.bias) return undefined;
  const node = site.sketch.add(path, { ...op, bias: true }, inputs, { ...weights, bias: () => floats(bias) });
  return { ...layer, node };
};

/** A factor for each channel, such as LayerScale's, for each group of them, such as a temperature of heads, or for all. */
export const scaled = (site: Site, index: number, factor: Constant): Variable => {
  const given = site.variable(index);
  const x = site.sketch.settle(given);
  const { shape } = site.sketch.at(x);
  if (!isMap(shape)) throw new UserError('it scales the features of a vector', UNSUPPORTED);
  const path = site.path(factor);
  const { op, inputs, weights } = site.sketch.at(x);
  const groups = factor.values.length;
  if (op.kind === 'groupNorm' && !weights.weight && groups === shape[0] && site.readsAlone(index)) {
    const node = site.sketch.add(path, op, inputs, { weight: () => floats(factor) });
    return site.value(node, given.view);
  }
  const scale = groups < shape[0] ? ({ kind: 'scaleGroups', groups } as const) : ({ kind: 'scale' } as const);
  const node = site.sketch.add(path, { ...scale, bias: false }, [x], { weight: () => floats(factor) });
  return site.value(node, given.view);
};
