/** What attention is made of: matrix products of two maps, and softmax. */
import { channelsOfY } from '../../../../graph/operations/matrix-product.js';
import type { MatrixProduct, Op } from '../../../../graph/operations/ops.js';
import type { MapShape } from '../../../../graph/shape.js';
import type { Tensor } from '../../model.js';
import type { TensorOps } from '../../tensor-ops.js';
import type { BatchLayout, Lowered, TrainingContext } from '../context.js';

/** Groups, channels of a group, and pixels. */
type Heads = readonly [groups: number, channels: number, pixels: number];

interface Product {
  readonly forward: (ops: TensorOps, x: Tensor, y: Tensor) => Tensor;
  /** Of x and of y, from the output's gradient. */
  readonly backward: (ops: TensorOps, gradient: Tensor, x: Tensor, y: Tensor) => readonly [Tensor, Tensor];
}

/** On matrices of channels x pixels. */
const PRODUCTS: Record<MatrixProduct, Product> = {
  'pixel-scores': {
    forward: (ops, x, y) => ops.matMulTransA(y, x),
    backward: (ops, gradient, x, y) => [ops.matMul(y, gradient), ops.matMulTransB(x, gradient)],
  },
  'weighted-pixels': {
    forward: (ops, x, y) => ops.matMul(y, x),
    backward: (ops, gradient, x, y) => [ops.matMulTransA(y, gradient), ops.matMulTransB(gradient, x)],
  },
  'channel-scores': {
    forward: (ops, x, y) => ops.matMulTransB(x, y),
    backward: (ops, gradient, x, y) => [ops.matMul(gradient, y), ops.matMulTransA(gradient, x)],
  },
};

/** A shared y is repeated for every group, and its gradient summed over them. */
export const matMul = (
  { ops, layout }: TrainingContext,
  op: Op<'matMul'>,
  [x, y]: readonly [Tensor, Tensor],
  [ofX, ofY, ofOutput]: readonly [MapShape, MapShape, MapShape],
): Lowered => {
  const { groups, shared } = op;
  const heads = ([channels, height, width]: MapShape): Heads => [groups, channels / groups, height * width];
  const [headsOfX, headsOfOutput] = [heads(ofX), heads(ofOutput)];
  const sharedHeads: Heads = [shared ? 1 : groups, channelsOfY(op, ofY), ofY[1] * ofY[2]];
  const [a, own] = [matrices(ops, x, headsOfX, layout), matrices(ops, y, sharedHeads, layout)];
  const [, channels, pixels] = sharedHeads;
  const { batch, lanes } = layout;
  const b = shared ? ops.expand(own, batch / lanes, lanes, groups, channels, pixels) : own;
  const { forward, backward } = PRODUCTS[op.product];
  return {
    output: rows(ops, forward(ops, a, b), headsOfOutput, layout),
    backward: (gradient) => {
      const [first, second] = backward(ops, matrices(ops, gradient, headsOfOutput, layout), a, b);
      const whole = shared ? ops.sum(second, 2, true) : second;
      return [rows(ops, first, headsOfX, layout), rows(ops, whole, sharedHeads, layout)];
    },
  };
};

/**
 * With V' = V and a row of ones, the products O = V' K^T Q are numerators and, in the last row, denominators. Of the quotient y = N / D with
 * the gradient g, that of N is g / D, that of D the sum of -g y / D.
 */
export const linearAttention = (
  { ops, layout }: TrainingContext,
  { heads, epsilon }: Op<'linearAttention'>,
  inputs: readonly Tensor[],
  shapes: readonly MapShape[],
): Lowered => {
  const apart = shapes.map(([channels, height, width]): Heads => [heads, channels / heads, height * width]);
  const [asked = NONE, met = NONE, answered = NONE] = apart;
  const [query = '', key = '', value = ''] = inputs.map((x, i) => matrices(ops, x, apart[i] ?? NONE, layout));
  const [, channels] = answered;
  const withOnes = ops.pad(value, [0, 0, 0, 0, 0], [0, 0, 0, 1, 0], 1);
  const sums = ops.matMulTransB(withOnes, key);
  const products = ops.matMul(sums, query);
  const [numerators = '', denominators = ''] = ops.split(products, 3, [channels, 1]);
  const divisors = ops.add(denominators, ops.model.constant(epsilon));
  const quotients = ops.div(numerators, divisors);
  const results: Heads = [heads, channels, asked[2]];
  return {
    output: rows(ops, quotients, results, layout),
    backward: (gradient) => {
      const arriving = ops.div(matrices(ops, gradient, results, layout), divisors);
      const along = ops.unary('Neg', ops.sum(ops.mul(arriving, quotients), 3, true));
      const ofProducts = ops.concat(3, [arriving, along]);
      const ofSums = ops.matMulTransB(ofProducts, query);
      const ofValues = ops.slice(ops.matMul(ofSums, key), 3, 0, channels);
      return [
        rows(ops, ops.matMulTransA(sums, ofProducts), asked, layout),
        rows(ops, ops.matMulTransA(ofSums, withOnes), met, layout),
        rows(ops, ofValues, answered, layout),
      ];
    },
  };
};

const NONE: Heads = [0, 0, 0];

/** Of rows [C, L], a matrix of channels x pixels for each image and group: [N / lanes, lanes, groups, channels, pixels]. */
const matrices = (
  ops: TensorOps,
  x: Tensor,
  [groups, channels, pixels]: Heads,
  { batch, lanes }: BatchLayout,
): Tensor => ops.transpose(ops.reshape(x, groups, channels, batch / lanes, pixels, lanes), 2, 4, 0, 1, 3);

/** The inverse. */
const rows = (ops: TensorOps, x: Tensor, [groups, channels, pixels]: Heads, { batch }: BatchLayout): Tensor =>
  ops.reshape(ops.transpose(x, 2, 3, 0, 4, 1), groups * channels, batch * pixels);

interface SoftmaxShapes {
  /** Its second axis is summed over. */
  readonly apart: readonly [number, number, number];
  readonly whole: readonly [number, number];
}

/** y = softmax x; with the gradient g of y, that of x is y (g - sum(g y)). */
export const softmax = (ops: TensorOps, x: Tensor, { apart, whole }: SoftmaxShapes): Lowered => {
  const weights = ops.softmax(ops.reshape(x, ...apart), 1);
  return {
    output: ops.reshape(weights, ...whole),
    backward: (gradient) => {
      const arriving = ops.reshape(gradient, ...apart);
      const along = ops.sum(ops.mul(arriving, weights), 1, true);
      return [ops.reshape(ops.mul(weights, ops.sub(arriving, along)), ...whole)];
    },
  };
};
