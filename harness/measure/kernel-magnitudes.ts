/** Which taps of depthwise kernels carry weight: what FalconNet's Fig. 5 (arXiv:2306.06365) shows of trained networks. */
import { type Graph, type GraphNode, nodeAt } from '../graph/graph.js';
import type { Op } from '../graph/operations/ops.js';
import type { Weights } from '../graph/parameters.js';

/** Of all depthwise kernels of one size in a network. */
export interface KernelMagnitudes {
  /** Side of the kernels: 3, 5 or 7. */
  readonly kernel: number;
  readonly layers: number;
  /** How many the mean is over: one a channel, those left out that are zero throughout. */
  readonly kernels: number;
  /** The mean share of every tap, row by row; sums to 1, and is 1 / kernel² where all taps weigh alike. */
  readonly matrix: number[][];
}

/**
 * The magnitudes of each kernel are divided by their sum before the mean is taken: every kernel counts alike, and a factor per
 * channel, such as that of a folded batch norm, changes nothing. Strides and dilations do not matter. Smallest kernels first.
 */
export const kernelMagnitudes = (graph: Graph, weights: Weights): KernelMagnitudes[] =>
  SIDES.flatMap((side) => {
    const layers = graph.nodes.filter((node) => isSquareDepthwise(graph, node, side));
    const kernels = layers.flatMap(({ path }) => sharesOf(weightOf(weights, path), side * side));
    return kernels.length === 0
      ? []
      : [{ kernel: side, layers: layers.length, kernels: kernels.length, matrix: meanMatrix(kernels, side) }];
  });

const SIDES = [3, 5, 7];

const isSquareDepthwise = (graph: Graph, { op, inputs: [input] }: GraphNode, side: number): boolean =>
  op.kind === 'conv2d' && input !== undefined && isDepthwise(op, nodeAt(graph, input)) && isSquare(op, side);

const isDepthwise = ({ groups }: Op<'conv2d'>, { shape: [channels] }: GraphNode): boolean =>
  groups > 1 && groups === channels;

const isSquare = ({ kernel: [height, width] }: Op<'conv2d'>, side: number): boolean =>
  height === side && width === side;

const weightOf = (weights: Weights, path: string): Float32Array => {
  const weight = weights.get(`${path}.weight`);
  if (!weight) throw new RangeError(`There are no weights for ${path}.`);
  return weight;
};

/** One array of shares for each kernel that is not zero. */
const sharesOf = (weight: Float32Array, taps: number): number[][] =>
  Array.from({ length: weight.length / taps }, (_, kernel) =>
    Array.from(weight.subarray(kernel * taps, (kernel + 1) * taps), Math.abs),
  ).flatMap((magnitudes) => {
    const sum = magnitudes.reduce((total, magnitude) => total + magnitude, 0);
    return sum === 0 ? [] : [magnitudes.map((magnitude) => magnitude / sum)];
  });

const meanMatrix = (kernels: readonly (readonly number[])[], side: number): number[][] =>
  Array.from({ length: side }, (_, row) =>
    Array.from({ length: side }, (_, column) => {
      const tap = row * side + column;
      return kernels.reduce((sum, kernel) => sum + (kernel[tap] ?? 0), 0) / kernels.length;
    }),
  );
