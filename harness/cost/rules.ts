/**
 * What one operation costs for one image, as arithmetic on shapes.
 *
 * MACs: multiply-accumulates of convolutions and dense layers, bias not counted (what papers print as "FLOPs"); and of matrix products of two maps, as attention has them.
 * FLOPs: every floating-point operation, by these rules per output element unless said otherwise:
 * conv, dense and matrix products 2 per MAC, plus 1 for a bias; batch norm 2 (one multiply, one add of the folded form); layer and group norm 7
 * (two sums, subtract, square, divide, scale, offset); scale 1, plus 1 for an offset; relu 1; leaky relu and prelu 2; relu6 2; sigmoid 3 (exp, add, divide); silu 4 (sigmoid and multiply); gelu 5 (divide, erf, add, two multiplies);
 * hard-sigmoid 4 (multiply, add, two clamps); hard-swish 5; add: inputs - 1; mul 1; times 1; average pool kh * kw (sum and divide);
 * max pool kh * kw - 1; L2 norm 3 (square, add, divide), and 2 for each norm (root, maximum); positions as the convolution that they are, and an add; softmax 5 (maximum, subtract, exp, add, divide); linear attention 1 besides its products (divide), and an add for each head and pixel; global average pool H * W per channel. Data movement (concat, slice, permute, pad, resize, space to depth and back, flatten) is free.
 */
import { summedBy } from '../graph/operations/matrix-product.js';
import { type ActivationFunction, applyRule, type Op, type RuleTable } from '../graph/operations/ops.js';
import { elementCount, isMap, type Shape } from '../graph/shape.js';

export interface OpCost {
  readonly macs: number;
  readonly flops: number;
}

export const opCost = (op: Op, inputs: readonly Shape[], output: Shape): OpCost =>
  applyRule(costRules, op, inputs, output);

const FREE: OpCost = { macs: 0, flops: 0 };

const free = (): OpCost => FREE;

const perElement = (flops: number, output: Shape): OpCost => ({
  macs: 0,
  flops: flops * elementCount(output),
});

const multiplyAdds = (macs: number, bias: boolean, output: Shape): OpCost => ({
  macs,
  flops: 2 * macs + (bias ? elementCount(output) : 0),
});

const ACTIVATION_FLOPS: Record<ActivationFunction, number> = {
  relu: 1,
  relu6: 2,
  sigmoid: 3,
  silu: 4,
  gelu: 5,
  'hard-sigmoid': 4,
  'hard-swish': 5,
};

const channels = ([shape]: readonly Shape[]): number => shape?.[0] ?? 0;

const costRules: RuleTable<[inputs: readonly Shape[], output: Shape], OpCost> = {
  input: free,
  /** Hout * Wout * Cout * (Cin / groups) * kh * kw. */
  conv2d: (op, inputs, output) =>
    multiplyAdds(
      (elementCount(output) * channels(inputs) * elementCount(op.kernel)) / op.groups,
      op.bias,
      output,
    ),
  /** Hout * Wout * Cout * depth * kh * kw. */
  channelConv: (op, _inputs, output) =>
    multiplyAdds(elementCount(output) * elementCount(op.kernel), false, output),
  /** in * out. */
  dense: (op, inputs, output) => multiplyAdds(channels(inputs) * op.outFeatures, op.bias, output),
  batchNorm: (_op, _inputs, output) => perElement(2, output),
  scale: (op, _inputs, output) => perElement(op.bias ? 2 : 1, output),
  scaleGroups: (op, _inputs, output) => perElement(op.bias ? 2 : 1, output),
  layerNorm: (_op, _inputs, output) => perElement(7, output),
  groupNorm: (_op, _inputs, output) => perElement(7, output),
  l2Norm: ({ over }, _inputs, output) => {
    const [channels, ...size] = output;
    const norms = over === 'channels' ? elementCount(size) : channels;
    return { macs: 0, flops: 3 * elementCount(output) + 2 * norms };
  },
  /** H * W * C * 2 codes for every image, though it is the same for all, and runtimes compute it once. */
  addPositions: ({ codes }, _inputs, output) => {
    const values = elementCount(output);
    return { macs: 2 * codes * values, flops: 4 * codes * values + 2 * values };
  },
  leakyRelu: (_op, _inputs, output) => perElement(2, output),
  prelu: (_op, _inputs, output) => perElement(2, output),
  times: (_op, _inputs, output) => perElement(1, output),
  activation: (op, _inputs, output) => perElement(ACTIVATION_FLOPS[op.function], output),
  add: (_op, inputs, output) => perElement(inputs.length - 1, output),
  mul: (_op, _inputs, output) => perElement(1, output),
  concat: free,
  slice: free,
  permuteChannels: free,
  globalAvgPool: (_op, inputs) => ({ macs: 0, flops: elementCount(inputs[0] ?? [0]) }),
  avgPool: (op, _inputs, output) => perElement(elementCount(op.kernel), output),
  maxPool: (op, _inputs, output) => perElement(elementCount(op.kernel) - 1, output),
  pad: free,
  resize: free,
  /** Values of the output times what each sums up. */
  matMul: (op, [x], output) =>
    multiplyAdds(x && isMap(x) ? elementCount(output) * summedBy(op, x) : 0, false, output),
  /** heads * d * (b + 1) for every pixel of the keys and of the queries: the sum of the keys is a product with ones. */
  linearAttention: ({ heads }, [query = [0], key = [0]], output) => {
    const [asked, answered] = [elementCount(query.slice(1)), elementCount(key.slice(1))];
    const macs = channels([query]) * (output[0] / heads + 1) * (asked + answered);
    return { macs, flops: 2 * macs + heads * asked + elementCount(output) };
  },
  softmax: (_op, _inputs, output) => perElement(5, output),
  pixelSoftmax: (_op, _inputs, output) => perElement(5, output),
  spaceToDepth: free,
  depthToSpace: free,
  flatten: free,
};
