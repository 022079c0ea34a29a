/** Batch-norm statistics of networks that are not trained yet. */
import { consumersOf, type Graph, type GraphNode, nodeAt } from '../graph/graph.js';
import { graphParameters, type Weights } from '../graph/parameters.js';
import type { RandomStream } from '../random.js';

/** Whether every batch norm still has mean 0 and variance 1, as before any training. */
export const hasInitialStatistics = (graph: Graph, weights: Weights): boolean =>
  graphParameters(graph).every(({ path, role }) => {
    const values = weights.get(path) ?? [];
    if (role === 'running-mean') return values.every((mean) => mean === 0);
    return role !== 'running-variance' || values.every((variance) => variance === 1);
  });

/**
 * The weights with a random scale, shift, mean and variance for every channel of every batch norm, of which no rewrite can leave one
 * out unnoticed. They suit the kernels, so that a deep network of many branches neither overflows nor dies: the variance is about
 * that of the convolution before, for inputs of variance 1, and branches that are summed share one variance.
 */
export const randomStatistics = (graph: Graph, weights: Weights, random: RandomStream): Weights => {
  const between = (low: number, high: number): number => low + (high - low) * random.uniform();
  const consumers = consumersOf(graph);
  const drawn = new Map(weights);
  for (const node of graph.nodes) {
    if (node.op.kind !== 'batchNorm') continue;
    const deviations = expectedDeviations(graph, node, weights);
    const branches = Math.max(1, ...(consumers[node.id] ?? []).map((id) => summands(nodeAt(graph, id))));
    const share = 1 / Math.sqrt(branches);
    const draw = (name: string, value: (deviation: number) => number): void => {
      drawn.set(`${node.path}.${name}`, deviations.map(value));
    };
    draw('weight', () => between(0.5, 1.5) * share);
    draw('bias', () => between(-0.5, 0.5) * share);
    draw('running_mean', (deviation) => between(-0.5, 0.5) * deviation);
    draw('running_var', (deviation) => between(0.5, 2) * deviation ** 2);
  }
  return drawn;
};

/** Standard deviation of each channel that a batch norm reads, where a convolution's inputs are independent and have variance 1. */
const expectedDeviations = (graph: Graph, batchNorm: GraphNode, weights: Weights): Float32Array => {
  const [channels] = batchNorm.shape;
  const source = batchNorm.inputs.map((id) => nodeAt(graph, id)).find(({ op }) => op.kind === 'conv2d');
  const kernel = source && weights.get(`${source.path}.weight`);
  if (!kernel) return new Float32Array(channels).fill(1);
  const taps = kernel.length / channels;
  return Float32Array.from({ length: channels }, (_, channel) => {
    const row = kernel.subarray(channel * taps, (channel + 1) * taps);
    return Math.sqrt(row.reduce((sum, weight) => sum + weight ** 2, 0));
  });
};

const summands = ({ op, inputs }: GraphNode): number => (op.kind === 'add' ? inputs.length : 1);
