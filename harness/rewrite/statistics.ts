import type { Graph } from '../graph/graph.js';
import { graphParameters, type ParameterRole, type Weights } from '../graph/parameters.js';

/** Uniform in [0, 1). */
export type RandomSource = () => number;

/** Whether every batch norm still has mean 0 and variance 1, as before any training. */
export const hasInitialStatistics = (graph: Graph, weights: Weights): boolean =>
  graphParameters(graph).every(({ path, role }) => {
    const initial = INITIAL_STATISTICS[role];
    return initial === null || (weights.get(path)?.every((value) => value === initial) ?? true);
  });

/**
 * The weights with a scale, shift, mean and variance drawn at random for every channel of every batch norm: an untrained network
 * with values that no rewrite can leave out unnoticed.
 */
export const randomStatistics = (graph: Graph, weights: Weights, random: RandomSource): Weights => {
  const drawn = new Map(weights);
  for (const { path, role, size } of graphParameters(graph)) {
    const range = RANGES[role];
    if (!range) continue;
    const [low, high] = range;
    drawn.set(
      path,
      Float32Array.from({ length: size }, () => low + (high - low) * random()),
    );
  }
  return drawn;
};

const INITIAL_STATISTICS: Record<ParameterRole, number | null> = {
  kernel: null,
  bias: null,
  gamma: null,
  beta: null,
  'running-mean': 0,
  'running-variance': 1,
};

const RANGES: Record<ParameterRole, readonly [low: number, high: number] | null> = {
  kernel: null,
  bias: null,
  gamma: [0.5, 1.5],
  beta: [-0.5, 0.5],
  'running-mean': [-0.5, 0.5],
  'running-variance': [0.5, 2],
};
