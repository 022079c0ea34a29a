/** Norms over values of one image: of every pixel's channels, and of groups of channels. */
import type { Op } from '../../../../graph/operations/ops.js';
import type { Parameter } from '../../../../graph/parameters.js';
import { elementCount, type MapShape } from '../../../../graph/shape.js';
import type { Tensor } from '../../model.js';
import type { TensorOps } from '../../tensor-ops.js';
import type { Lowered, TrainingContext } from '../context.js';

export interface Affine {
  readonly gamma: Parameter;
  readonly beta: Parameter;
}

/** Of x [C, L], over its channels. */
export const layerNorm = (context: TrainingContext, x: Tensor, affine: Affine, epsilon: number): Lowered => {
  const { gamma } = affine;
  const normalised = normalise(context.ops, x, [0], epsilon);
  return scaled(context, { ...normalised, rows: (tensor) => tensor }, affine, gamma.size);
};

/** Of x [C, L], over the channels of a group and all pixels of an image. */
export const groupNorm = (
  context: TrainingContext,
  x: Tensor,
  affine: Affine,
  {
    groups,
    epsilon,
    shape: [channels, ...size],
  }: { readonly groups: number; readonly epsilon: number; readonly shape: MapShape },
): Lowered => {
  const { ops, layout } = context;
  const { batch, lanes } = layout;
  const pixels = elementCount(size);
  const apart = (tensor: Tensor): Tensor =>
    ops.reshape(tensor, groups, channels / groups, batch / lanes, pixels, lanes);
  const rows = (tensor: Tensor): Tensor => ops.reshape(tensor, channels, batch * pixels);
  const { output, backward } = normalise(ops, apart(x), [1, 3], epsilon);
  const normalised = {
    output: rows(output),
    backward: (gradient: Tensor) => backward(apart(gradient)),
    rows,
  };
  return scaled(context, normalised, affine, channels);
};

/**
 * y = x / max(|x|, epsilon), over the channels of every pixel or the pixels of every channel of each image. With the gradient g of y, that of x
 * is (g - y sum(g y)) / |x|, and g / epsilon where the norm is smaller.
 */
export const l2Norm = (
  { ops, layout: { batch, lanes } }: TrainingContext,
  { over, epsilon }: Op<'l2Norm'>,
  x: Tensor,
  [channels, ...size]: MapShape,
): Lowered => {
  const pixels = elementCount(size);
  const apart = (tensor: Tensor): Tensor => ops.reshape(tensor, channels, batch / lanes, pixels, lanes);
  const rows = (tensor: Tensor): Tensor => ops.reshape(tensor, channels, batch * pixels);
  const sum = (tensor: Tensor): Tensor => ops.sum(tensor, over === 'channels' ? 0 : 2, true);
  const least = ops.model.constant(epsilon);
  const values = apart(x);
  const norms = ops.unary('Sqrt', sum(ops.mul(values, values)));
  const divisors = ops.model.node('Max', [norms, least]);
  const output = ops.div(values, divisors);
  return {
    output: rows(output),
    backward: (gradient) => {
      const arriving = apart(gradient);
      const along = ops.mul(sum(ops.mul(arriving, output)), ops.positive(ops.sub(norms, least)));
      return [rows(ops.div(ops.sub(arriving, ops.mul(output, along)), divisors))];
    },
  };
};

interface Normalised {
  readonly output: Tensor;
  readonly backward: (gradient: Tensor) => Tensor;
}

/**
 * y = (x - mean) s with s = 1 / sqrt(variance + epsilon), mean and variance over the axes; their sizes are those of x, and 1 there. With
 * the gradient g of y, that of x is s (g - mean(g) - y mean(g y)).
 */
const normalise = (ops: TensorOps, x: Tensor, axes: readonly number[], epsilon: number): Normalised => {
  const mean = (tensor: Tensor): Tensor => axes.reduce((part, axis) => ops.mean(part, axis, true), tensor);
  const centred = ops.sub(x, mean(x));
  const variance = mean(ops.mul(centred, centred));
  const inverse = ops.inverseDeviation(variance, ops.model.constant(epsilon));
  const output = ops.mul(centred, inverse);
  return {
    output,
    backward: (gradient) => {
      const along = ops.mul(output, mean(ops.mul(gradient, output)));
      return ops.mul(inverse, ops.sub(ops.sub(gradient, mean(gradient)), along));
    },
  };
};

/** gamma y + beta, y [C, L]. `rows` brings the gradient of the input into this shape. */
const scaled = (
  context: TrainingContext,
  { output, backward, rows }: Normalised & { readonly rows: (tensor: Tensor) => Tensor },
  { gamma, beta }: Affine,
  channels: number,
): Lowered => {
  const { ops } = context;
  const column = (parameter: Parameter): Tensor => ops.reshape(context.tensor(parameter), channels, 1);
  return {
    output: ops.add(ops.mul(output, column(gamma)), column(beta)),
    backward: (gradient, [needed = true]) => {
      context.setGradient([gamma], ops.sum(ops.mul(gradient, output), 1));
      context.setGradient([beta], ops.sum(gradient, 1));
      return [needed ? rows(backward(ops.mul(gradient, column(gamma)))) : null];
    },
  };
};
