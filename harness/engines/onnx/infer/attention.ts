/** What attention is made of, in ONNX's operators: matrices of one image's heads are images x groups x channels x pixels. */
import { channelsOfY } from '../../../graph/operations/matrix-product.js';
import type { MatrixProduct, Op } from '../../../graph/operations/ops.js';
import { elementCount, isMap, type MapShape, type Shape } from '../../../graph/shape.js';
import type { OnnxModel, Tensor } from '../model.js';

interface Result {
  readonly name: string;
  readonly shape: Shape;
}

interface Inputs {
  readonly inputs: readonly Tensor[];
  readonly shapes: readonly Shape[];
}

/** As the first size of a reshape: the batch, whatever it is. */
const SAME_BATCH = 0;

const TRANSPOSED = [0, 1, 3, 2];

interface Algebra {
  readonly turn: (a: Tensor) => Tensor;
  readonly multiply: (a: Tensor, b: Tensor) => Tensor;
}

/** Of matrices of channels x pixels. */
const PRODUCTS: Record<MatrixProduct, (x: Tensor, y: Tensor, algebra: Algebra) => Tensor> = {
  'pixel-scores': (x, y, { turn, multiply }) => multiply(turn(y), x),
  'weighted-pixels': (x, y, { multiply }) => multiply(y, x),
  'channel-scores': (x, y, { turn, multiply }) => multiply(x, turn(y)),
};

export const matMul = (
  model: OnnxModel,
  op: Op<'matMul'>,
  { inputs: [x = '', y = ''], shapes }: Inputs,
  { name, shape }: Result,
): Tensor => {
  const [ofX, ofY] = [mapOf(shapes[0]), mapOf(shapes[1])];
  const matrices = (tensor: Tensor, of: MapShape, channels: number): Tensor =>
    reshape(model, tensor, [SAME_BATCH, of[0] / channels, channels, of[1] * of[2]]);
  const product = PRODUCTS[op.product](
    matrices(x, ofX, ofX[0] / op.groups),
    matrices(y, ofY, channelsOfY(op, ofY)),
    {
      turn: (a) => model.node('Transpose', [a], { attributes: { perm: TRANSPOSED } }),
      multiply: (a, b) => model.node('MatMul', [a, b]),
    },
  );
  return reshape(model, product, [SAME_BATCH, ...shape], name);
};

/** The values get a channel of ones, whose products are the sums of the keys. */
export const linearAttention = (
  model: OnnxModel,
  { heads, epsilon }: Op<'linearAttention'>,
  { inputs, shapes }: Inputs,
  { name, shape }: Result,
): Tensor => {
  const [query = '', key = '', value = ''] = inputs.map((tensor, i) => {
    const [channels, ...size] = mapOf(shapes[i]);
    return reshape(model, tensor, [SAME_BATCH, heads, channels / heads, elementCount(size)]);
  });
  const channels = shape[0] / heads;
  const amounts = model.integers(0, 0, 0, 0, 0, 0, 1, 0);
  const withOnes = model.node('Pad', [value, amounts, model.constant(1)]);
  const turned = model.node('Transpose', [key], { attributes: { perm: TRANSPOSED } });
  const products = model.node('MatMul', [model.node('MatMul', [withOnes, turned]), query]);
  const part = (start: number, end: number): Tensor =>
    model.node('Slice', [products, ...[start, end, 2].map((n) => model.integers(n))]);
  const sums = model.node('Add', [part(channels, channels + 1), model.constant(epsilon)]);
  const quotient = model.node('Div', [part(0, channels), sums]);
  return reshape(model, quotient, [SAME_BATCH, ...shape], name);
};

/** Over the channels of a group. */
export const softmax = (model: OnnxModel, x: Tensor, groups: number, { name, shape }: Result): Tensor => {
  const [channels, ...size] = shape;
  const apart = reshape(model, x, [SAME_BATCH, groups, channels / groups, elementCount(size)]);
  const weights = model.node('Softmax', [apart], { attributes: { axis: 2 } });
  return reshape(model, weights, [SAME_BATCH, ...shape], name);
};

export const pixelSoftmax = (model: OnnxModel, x: Tensor, { name, shape }: Result): Tensor => {
  const [channels, ...size] = shape;
  const rows = reshape(model, x, [SAME_BATCH, channels, elementCount(size)]);
  const weights = model.node('Softmax', [rows], { attributes: { axis: -1 } });
  return reshape(model, weights, [SAME_BATCH, ...shape], name);
};

const mapOf = (shape: Shape | undefined): MapShape => {
  if (shape && isMap(shape)) return shape;
  throw new TypeError('A map was expected.');
};

const reshape = (model: OnnxModel, x: Tensor, shape: readonly number[], name?: string): Tensor =>
  model.node('Reshape', [x, model.integers(...shape)], name === undefined ? {} : { name });
