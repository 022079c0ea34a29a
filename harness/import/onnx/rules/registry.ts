/** What lightbench makes of the operators of ONNX: one line each. */
import { BINARY, type BinaryOperator, UNARY } from '../formula.js';
import type { Rule } from '../site.js';
import { clip, gelu, hardSigmoid, leakyRelu, unary } from './activation.js';
import { binary, prelu, sum } from './arithmetic.js';
import { batchNormalization } from './batch-norm.js';
import { reduceL2 } from './l2-norm.js';
import {
  cast,
  castLike,
  depthToSpace,
  dropout,
  expand,
  flatten,
  reshape,
  same,
  shape,
  spaceToDepth,
  squeeze,
  transpose,
  unsqueeze,
} from './layout.js';
import { conv, gemm, matMul } from './linear.js';
import { globalAveragePool, reduceMean, reduceSum } from './mean.js';
import { instanceNormalization, layerNormalization } from './norm.js';
import { concat, gather, slice, split } from './pieces.js';
import { softmax } from './product.js';
import { averagePool, maxPool, pad, resize } from './window.js';

export const RULES: Readonly<Record<string, Rule>> = {
  ...Object.fromEntries(Object.entries(UNARY).map(([name, of]) => [name, unary(of)])),
  ...Object.fromEntries((Object.keys(BINARY) as BinaryOperator[]).map((name) => [name, binary(name)])),
  AveragePool: averagePool,
  BatchNormalization: batchNormalization,
  Cast: cast,
  CastLike: castLike,
  Clip: clip,
  Concat: concat,
  Conv: conv,
  DepthToSpace: depthToSpace,
  Dropout: dropout,
  Expand: expand,
  Flatten: flatten,
  Gather: gather,
  Gelu: gelu,
  Gemm: gemm,
  GlobalAveragePool: globalAveragePool,
  HardSigmoid: hardSigmoid,
  Identity: same,
  InstanceNormalization: instanceNormalization,
  LayerNormalization: layerNormalization,
  LeakyRelu: leakyRelu,
  MatMul: matMul,
  MaxPool: maxPool,
  PRelu: prelu,
  Pad: pad,
  ReduceL2: reduceL2,
  ReduceMean: reduceMean,
  ReduceSum: reduceSum,
  Reshape: reshape,
  Resize: resize,
  Shape: shape,
  Slice: slice,
  Softmax: softmax,
  SpaceToDepth: spaceToDepth,
  Split: split,
  Squeeze: squeeze,
  Sum: sum,
  Transpose: transpose,
  Unsqueeze: unsqueeze,
};
