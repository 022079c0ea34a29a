/** Lowers a fusion: one operator on the source, every branch's kernel laid into its taps. */
import type { Graph } from '../../../graph/graph.js';
import type { Op, Pair } from '../../../graph/ops.js';
import { type Parameter, parametersOf } from '../../../graph/parameters.js';
import { elementCount, formatShape } from '../../../graph/shape.js';
import type { Tensor } from '../model.js';
import type { BatchNormParameters } from './batch-norm.js';
import { type Lowered, rowLength, type TrainingContext } from './context.js';
import { geometryOf, momentConvolution } from './convolution.js';
import type { FusedBranch, Fusion } from './fusion.js';
import { type KernelStack, type NormalisedBranches, normalisedSum } from './normalised-sum.js';
import { batchNormParameters, mapShape, parameterOf } from './rules.js';
import type { Piece } from './state.js';

export const lowerFusion = (context: TrainingContext, graph: Graph, fusion: Fusion, x: Tensor): Lowered => {
  const { root, source, merged } = fusion;
  const [input, output] = [mapShape(source.shape), mapShape(root.shape)];
  const operator = momentConvolution(context.ops, x, geometryOf(merged, context.layout, input, output));
  return normalisedSum(context, operator, branchesOf(graph, fusion), rowLength(context.layout, root.shape));
};

/** The pieces of the state that a fusion reads: what `stateLayout` must keep together. */
export const piecesOf = (graph: Graph, fusion: Fusion): readonly Piece[] => {
  const { stacks, gammas, betas, means, variances } = branchesOf(graph, fusion);
  return [...stacks.map(({ kernels }) => kernels), gammas, betas, means, variances];
};

const branchesOf = (graph: Graph, { source, branches, merged }: Fusion): NormalisedBranches => {
  const convolved = branches.flatMap((branch) => {
    if (branch.conv?.op.kind !== 'conv2d') return [];
    const kernel = parameterOf(parametersOf(graph, branch.conv), 'kernel');
    return [{ branch, kernel, window: branch.conv.op.kernel }];
  });
  const shapes = [...new Set(convolved.map(({ kernel }) => formatShape(kernel.shape)))];
  const alike = shapes.map((shape) => convolved.filter(({ kernel }) => formatShape(kernel.shape) === shape));
  const plain = branches.filter(({ conv }) => conv === null);
  const ordered = [...alike.flat().map(({ branch }) => branch), ...plain];
  const norms = ordered.map((branch) => normOf(graph, branch));
  const inputs = source.shape[0] / merged.groups;
  return {
    stacks: alike.map((same) => stackOf(same, inputs, merged)),
    identity: plain.length === 0 ? null : () => identityKernel(merged, source.shape[0]),
    gammas: piece(norms.map(({ gamma }) => gamma)),
    betas: piece(norms.map(({ beta }) => beta)),
    means: piece(norms.map(({ mean }) => mean)),
    variances: piece(norms.map(({ variance }) => variance)),
    epsilons: norms.map(({ epsilon }) => epsilon),
  };
};

const stackOf = (
  same: readonly { readonly kernel: Parameter; readonly window: Pair }[],
  inputs: number,
  merged: Op<'conv2d'>,
): KernelStack => {
  const window = same[0]?.window ?? merged.kernel;
  return {
    kernels: piece(same.map(({ kernel }) => kernel)),
    ownTaps: inputs * elementCount(window),
    embedding: () => embedding(inputs, window, merged.kernel),
  };
};

const normOf = (graph: Graph, { norm }: FusedBranch): BatchNormParameters => {
  if (norm.op.kind !== 'batchNorm') throw new TypeError(`${norm.path} is not a batch norm.`);
  return batchNormParameters(parametersOf(graph, norm), norm.op.epsilon);
};

const piece = (parameters: readonly Parameter[]): Piece => {
  const [first, ...rest] = parameters;
  if (!first) throw new RangeError('A fusion has at least one branch.');
  return [first, ...rest];
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
