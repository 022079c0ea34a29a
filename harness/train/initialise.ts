import type { Graph } from '../graph/graph.js';
import { graphParameters, type Parameter, type ParameterRole, type Weights } from '../graph/parameters.js';
import { requireFewParameters } from '../graph/sizes.js';
import { randomStream } from '../random.js';

/**
 * Initial values of every parameter, each from its own stream of (seed, path): the skeleton starts identical under every block.
 * Kernels: normal with variance 2 / fan-in (He et al. 2015, arXiv:1502.01852), where the fan-in is the kernel's elements per output
 * channel. Biases and running means 0; factors of norms and running variances 1; slopes 0.25 (the same paper).
 * What a graph came with is taken instead. Throws UserError where there are too many to be kept.
 */
export const initialWeights = (graph: Graph, seed: number): Weights => {
  requireFewParameters(graph);
  const given = graph.initial?.values();
  return new Map(
    graphParameters(graph).map((parameter) => [
      parameter.path,
      given?.get(parameter.path) ?? INITIAL[parameter.role](parameter, seed),
    ]),
  );
};

const constant =
  (value: number) =>
  ({ size }: Parameter) =>
    new Float32Array(size).fill(value);

const INITIAL: Record<ParameterRole, (parameter: Parameter, seed: number) => Float32Array> = {
  kernel: ({ path, size, shape: [outputs = 1] }, seed) => {
    const stream = randomStream(seed, path);
    const deviation = Math.sqrt((2 * outputs) / size);
    return Float32Array.from({ length: size }, () => stream.normal() * deviation);
  },
  bias: constant(0),
  gamma: constant(1),
  beta: constant(0),
  slope: constant(0.25),
  'running-mean': constant(0),
  'running-variance': constant(1),
};
