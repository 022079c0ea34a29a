/** Convolutions and linear layers. */
import type { Pair } from '../../../graph/operations/ops.js';
import { isMap } from '../../../graph/shape.js';
import { UserError } from '../../../user/user-error.js';
import { type Constant, floats, type Variable } from '../operand.js';
import { type Rule, type Site, UNSUPPORTED } from '../site.js';
import type { NodeWeights } from '../sketch.js';
import { axisOf, withChannels } from '../view.js';
import { productOfSteps } from './linear-attention.js';
import { productOfTwo } from './product.js';
import { evenly, windowOf } from './window.js';

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
