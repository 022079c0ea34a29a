/** Lowers a fusion: one operator on the source, every branch's kernel laid into its taps. */

import type { Graph } from '../../../graph/graph.js';
import type { Op, Pair } from '../../../graph/ops.js';
import { type Parameter, parametersOf } from '../../../graph/parameters.js';
import { elementCount } from '../../../graph/shape.js';
import type { Tensor } from '../model.js';
import { type Lowered, rowLength, type TrainingContext } from './context.js';
import { convolution, geometryOf } from './convolution.js';
import type { FusedBranch, Fusion } from './fusion.js';
import { type Branch, normalisedSum } from './normalised-sum.js';
import { batchNormParameters, mapShape, parameterOf } from './rules.js';

export const lowerFusion = (
  context: TrainingContext,
  graph: Graph,
  { root, source, branches, merged }: Fusion,
  x: Tensor,
): Lowered => {
  const [input, output] = [mapShape(source.shape), mapShape(root.shape)];
  const operator = convolution(context.ops, x, geometryOf(merged, context.batch, input, output));
  return normalisedSum(
    context,
    operator,
    branches.map((branch) => laidIn(graph, branch, merged)),
    () => identityKernel(merged, input[0]),
    rowLength(context.batch, root.shape),
  );
};

const laidIn = (graph: Graph, { norm, conv }: FusedBranch, merged: Op<'conv2d'>): Branch => {
  if (norm.op.kind !== 'batchNorm') throw new TypeError(`${norm.path} is not a batch norm.`);
  const parameters = batchNormParameters(parametersOf(graph, norm), norm.op.epsilon);
  if (conv?.op.kind !== 'conv2d') return { norm: parameters, kernel: null };
  const parameter: Parameter = parameterOf(parametersOf(graph, conv), 'kernel');
  const inputs = parameter.shape[1] ?? 1;
  return {
    norm: parameters,
    kernel: {
      parameter,
      ownTaps: inputs * elementCount(conv.op.kernel),
      embedding: embedding(inputs, conv.op.kernel, merged.kernel),
    },
  };
};

/** [inputs * own taps, inputs * merged taps]: 1 where a tap of the centred smaller kernel lies on a tap of the larger one. */
const embedding = (inputs: number, own: Pair, merged: Pair): Float32Array => {
  const [ownTaps, taps] = [elementCount(own), elementCount(merged)];
  const [down, right] = [(merged[0] - own[0]) / 2, (merged[1] - own[1]) / 2];
  const table = new Float32Array(inputs * ownTaps * inputs * taps);
  for (let input = 0; input < inputs; input += 1) {
    for (let tap = 0; tap < ownTaps; tap += 1) {
      const [row, column] = [Math.floor(tap / own[1]) + down, (tap % own[1]) + right];
      table[(input * ownTaps + tap) * inputs * taps + input * taps + row * merged[1] + column] = 1;
    }
  }
  return table;
};

/** The kernel [groups, outputs, taps] of y = x, where the convolution keeps the channels. */
const identityKernel = (merged: Op<'conv2d'>, channels: number): Float32Array => {
  const inputs = channels / merged.groups;
  const cells = elementCount(merged.kernel);
  const kernel = new Float32Array(channels * inputs * cells);
  for (let channel = 0; channel < channels; channel += 1) {
    kernel[(channel * inputs + (channel % inputs)) * cells + Math.floor(cells / 2)] = 1;
  }
  return kernel;
};
