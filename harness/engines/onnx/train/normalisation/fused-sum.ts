/** Lowers a fusion: one operator on the source, every branch's kernel laid into its taps. */
import type { Graph, GraphNode } from '../../../../graph/graph.js';
import type { Op, Pair } from '../../../../graph/operations/ops.js';
import { type Parameter, parameterOfRole, parametersOf } from '../../../../graph/parameters.js';
import { elementCount } from '../../../../graph/shape.js';
import type { Tensor } from '../../model.js';
import type { TensorOps } from '../../tensor-ops.js';
import { type Lowered, rowLength, type TrainingContext } from '../context.js';
import { bandOf } from '../convolution/channel-convolution.js';
import { momentConvolution } from '../convolution/choose-convolution.js';
import { geometryOf } from '../convolution/geometry.js';
import { mapShape } from '../maps/map-shape.js';
import { batchNormParameters } from '../rules.js';
import type { Piece } from '../update/state.js';
import type { BatchNormParameters } from './batch-norm.js';
import type { FusedBranch, Fusion } from './fusion.js';
import { type KernelStack, type NormalisedBranches, normalisedSum, stacking } from './normalised-sum.js';

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
    if (!branch.conv) return [];
    const kernel = parameterOfRole(parametersOf(graph, branch.conv), 'kernel');
    return [{ branch, kernel, conv: branch.conv, kind: JSON.stringify(branch.conv.op) }];
  });
  const kinds = [...new Set(convolved.map(({ kind }) => kind))];
  const alike = kinds.map((one) => convolved.filter(({ kind }) => kind === one));
  const plain = branches.filter(({ conv }) => conv === null);
  const ordered = [...alike.flat().map(({ branch }) => branch), ...plain];
  const norms = ordered.map((branch) => normOf(graph, branch));
  return {
    stacks: alike.map((same) => stackOf(same, source.shape[0], merged)),
    identity: plain.length === 0 ? null : () => identityKernel(merged, source.shape[0]),
    gammas: piece(norms.map(({ gamma }) => gamma)),
    betas: piece(norms.map(({ beta }) => beta)),
    means: piece(norms.map(({ mean }) => mean)),
    variances: piece(norms.map(({ variance }) => variance)),
    epsilons: norms.map(({ epsilon }) => epsilon),
  };
};

const stackOf = (
  same: readonly { readonly kernel: Parameter; readonly conv: GraphNode }[],
  channels: number,
  merged: Op<'conv2d'>,
): KernelStack => {
  const kernels = piece(same.map(({ kernel }) => kernel));
  const { op } = same[0]?.conv ?? {};
  if (op?.kind === 'channelConv') {
    const band = bandOf(op, channels, merged.outChannels / op.filters);
    const filters = op.filters * kernels.length;
    return {
      kernels,
      widen: (ops, own) => band.widen(ops, own, filters),
      narrow: (ops, laid) => band.narrow(ops, laid, filters),
    };
  }
  const window = op?.kind === 'conv2d' ? op.kernel : merged.kernel;
  const inputs = channels / merged.groups;
  const [ownTaps, taps] = [inputs * elementCount(window), inputs * elementCount(merged.kernel)];
  const places = (ops: TensorOps): Tensor =>
    ops.model.constant(embedding(inputs, window, merged.kernel), [ownTaps, taps]);
  const order = (ops: TensorOps) => stacking(ops, merged.groups, merged.outChannels / merged.groups);
  return {
    kernels,
    widen: (ops, own) => {
      const sideBySide = order(ops).stacked(own, kernels.length, ownTaps);
      return ownTaps === taps ? sideBySide : ops.matMul(sideBySide, places(ops));
    },
    narrow: (ops, laid) => {
      const own = ownTaps === taps ? laid : ops.matMulTransB(laid, places(ops));
      return order(ops).unstacked(own, kernels.length, ownTaps);
    },
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
