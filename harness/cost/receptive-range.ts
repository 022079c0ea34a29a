import type { Graph } from '../graph/graph.js';
import { connectionsOf } from './connections.js';

/**
 * The receptive range of FalconNet (arXiv:2306.06365): how many input channels an output channel depends on, directly or through
 * others.
 */
export interface ReceptiveRange {
  /** Input channels of the graph. */
  readonly inputs: number;
  /** Output channels, or features where the output is a vector. */
  readonly outputs: number;
  /** The fewest, the most, and the mean over the outputs. */
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Whether every output depends on every input. */
  readonly full: boolean;
}

/** Exact, from the connections of every operation; no weights are needed. */
export const receptiveRange = (graph: Graph): ReceptiveRange => {
  const { inputs, outputs, ranges } = connectionsOf(graph);
  const [min, max, sum] = ranges.reduce(
    ([least, most, total], range) => [Math.min(least, range), Math.max(most, range), total + range],
    [inputs, 0, 0],
  );
  return { inputs, outputs, min, max, mean: sum / outputs, full: min === inputs };
};
