import type { Graph } from '../../harness/graph/graph.js';
import { graphParameters, type ParameterRole, type Weights } from '../../harness/graph/parameters.js';

/** Uniform in [0, 1), the same sequence for the same seed (mulberry32). */
export const seededRandom = (seed: number): (() => number) => {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** Values between -amplitude and amplitude. */
export const randomValues = (size: number, seed: number, amplitude = 1): Float32Array => {
  const random = seededRandom(seed);
  return new Float32Array(size).map(() => amplitude * (2 * random() - 1));
};

/** Weights of which none is at its usual initial value: batch norms shift, scale and have statistics of their own. */
export const randomWeights = (graph: Graph, seed: number): Weights => {
  const random = seededRandom(seed);
  const between = (low: number, high: number): number => low + (high - low) * random();
  const draw: Record<ParameterRole, (fanIn: number) => number> = {
    kernel: (fanIn) => between(-1, 1) * Math.sqrt(3 / fanIn),
    bias: () => between(-0.5, 0.5),
    gamma: () => between(0.5, 1.5) * (random() < 0.2 ? -1 : 1),
    beta: () => between(-0.5, 0.5),
    slope: () => between(0.05, 0.5),
    'running-mean': () => between(-0.5, 0.5),
    'running-variance': () => between(0.3, 2),
  };
  return new Map(
    graphParameters(graph).map(({ path, role, shape, size }) => {
      const fanIn = size / (shape[0] ?? 1);
      return [path, new Float32Array(size).map(() => draw[role](fanIn))];
    }),
  );
};

const UNTRAINED = {
  bias: 0,
  gamma: 1,
  beta: 0,
  slope: 0.25,
  'running-mean': 0,
  'running-variance': 1,
} as const;

/** Random kernels, and everything else at its usual initial value. */
export const untrainedWeights = (graph: Graph, seed: number): Weights => {
  const random = randomWeights(graph, seed);
  return new Map(
    graphParameters(graph).map(({ path, role, size }) => [
      path,
      role === 'kernel'
        ? (random.get(path) ?? new Float32Array())
        : new Float32Array(size).fill(UNTRAINED[role]),
    ]),
  );
};

/** Zeros of the right sizes, for what does not depend on values. */
export const zeroWeights = (graph: Graph): Weights =>
  new Map(graphParameters(graph).map(({ path, size }) => [path, new Float32Array(size)]));
