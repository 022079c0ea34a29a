/**
 * From a deploy form to its int8 form: every value that an integer kernel reads or writes gets a scale, every kernel of such an operation
 * integers. What the graph computes stays the same but for rounding and clipping.
 */
import type { FloatOperation, QuantisationNote, WeightScale } from '../../results/training/int8.js';
import { type Graph, type GraphNode, nodeAt } from '../graph/graph.js';
import { type Parameter, parametersOf, type Weights } from '../graph/parameters.js';
import { UserError } from '../user/user-error.js';
import { type Affine, type Range, uint8Affine } from './affine.js';
import { calibratedNodes, type Int8Layout, int8Layout } from './layout.js';
import { type QuantisedKernel, quantisedKernel } from './weights.js';

/** A network in int8. */
export interface Int8Form {
  /** The deploy form. */
  readonly graph: Graph;
  readonly placements: Int8Layout['placements'];
  /** How the output of a node is quantised, by its id; null where it stays in float32. */
  readonly values: readonly (Affine | null)[];
  /** Of every operation in integers that has weights, by its path. */
  readonly kernels: ReadonlyMap<string, QuantisedKernel>;
  /** Of operations in float32, by parameter path. */
  readonly floatWeights: Weights;
  readonly notes: readonly QuantisationNote[];
}

/** Ranges of activations by the id of the node. */
export type Ranges = ReadonlyMap<number, Range>;

/**
 * The int8 form of a deploy form, whose calibrated nodes have these ranges. Throws UserError, naming the operation, where a range is
 * missing or not finite, or a weight is not.
 */
export const int8Form = (
  graph: Graph,
  weights: Weights,
  ranges: Ranges,
  weightScale: WeightScale,
): Int8Form => {
  const { placements, rangeOf } = int8Layout(graph);
  const notes: QuantisationNote[] = [];
  const scales = new Map(
    calibratedNodes(graph).map((id) => {
      const { path } = nodeAt(graph, id);
      const range = requireFinite(path, ranges.get(id));
      if (range[0] === 0 && range[1] === 0) notes.push({ kind: 'zero-activation', path });
      return [id, uint8Affine(range)];
    }),
  );
  const values = rangeOf.map((id) => (id === null ? null : (scales.get(id) ?? null)));
  const kernels = new Map<string, QuantisedKernel>();
  const floatWeights = new Map(weights);
  for (const node of graph.nodes) {
    const parameters = parametersOf(graph, node);
    const input = values[node.inputs[0] ?? -1] ?? null;
    if (parameters.length === 0 || input === null || placements[node.id]?.state !== 'integer') continue;
    const kernel = kernelOf(node, parameters, weights, input, weightScale);
    kernels.set(node.path, kernel);
    for (const { path } of parameters) floatWeights.delete(path);
    if (kernel.zeroChannels > 0) {
      notes.push({ kind: 'zero-weights', path: node.path, channels: kernel.zeroChannels });
    }
  }
  return { graph, placements, values, kernels, floatWeights, notes };
};

/** What the weights take in int8, from shapes alone: kernels a byte each, biases and scales four, and what stays in float32. */
export const int8WeightBytes = (graph: Graph, weightScale: WeightScale): number => {
  const { placements } = int8Layout(graph);
  let bytes = 0;
  for (const node of graph.nodes) {
    const parameters = parametersOf(graph, node);
    const [kernel, ...others] = parameters;
    if (kernel === undefined) continue;
    const inFloat = 4 * others.reduce((sum, { size }) => sum + size, 0);
    bytes +=
      placements[node.id]?.state === 'integer'
        ? kernel.size + 4 * (weightScale === 'per-channel' ? rowsOf(kernel) : 1) + inFloat
        : 4 * kernel.size + inFloat;
  }
  return bytes;
};

/** What is computed in float32, and why. */
export const floatOperations = (graph: Graph): FloatOperation[] => {
  const { placements } = int8Layout(graph);
  return graph.nodes.flatMap(({ id, path, op }) => {
    const placement = placements[id];
    if (placement?.state !== 'float') return [];
    return [{ path, op: op.kind === 'activation' ? op.function : op.kind, reason: placement.reason }];
  });
};

const requireFinite = (path: string, range: Range | undefined): Range => {
  if (range?.every(Number.isFinite)) return range;
  throw new UserError(
    range === undefined
      ? `The output of ${path} cannot be quantised: its range was not calibrated.`
      : `The output of ${path} cannot be quantised: on the calibration images it ranges from ${range[0]} to ${range[1]}.`,
    'The network has diverged, or its images are not finite: train it with a lower learning rate, or check the data.',
  );
};

const kernelOf = (
  { path }: GraphNode,
  [kernel, bias]: readonly Parameter[],
  weights: Weights,
  input: Affine,
  weightScale: WeightScale,
): QuantisedKernel => {
  const values = kernel && weights.get(kernel.path);
  const offsets = bias && weights.get(bias.path);
  if (!kernel || !values || (bias && !offsets)) throw new RangeError(`${path} has no weights.`);
  if (!(values.every(Number.isFinite) && (offsets?.every(Number.isFinite) ?? true))) {
    throw new UserError(
      `The weights of ${path} cannot be quantised: not all of them are finite.`,
      'The network has diverged: train it with a lower learning rate.',
    );
  }
  return quantisedKernel(values, offsets ?? null, rowsOf(kernel), input, weightScale);
};

/** Output channels of a kernel. */
const rowsOf = ({ shape: [outputs = 1] }: Parameter): number => outputs;
