import type { Graph } from '../../harness/graph/graph.js';
import { elementCount } from '../../harness/graph/shape.js';
import { deployForm } from '../../harness/rewrite/deploy.js';
import { randomValues, randomWeights } from './random.js';
import { referenceOutput, relativeDifference } from './reference.js';

const BATCH = 2;

/** Between the outputs of a training form and of its deploy form on random images and weights, both in float64. */
export const differenceOfForms = (graph: Graph, seed: number): number => {
  const deployed = deployForm(graph);
  const weights = randomWeights(graph, seed);
  const images = randomValues(BATCH * elementCount(graph.input.shape), seed + 1);
  const options = { batch: BATCH, mode: 'inference' } as const;
  return relativeDifference(
    referenceOutput(deployed.graph, deployed.convert(weights), images, options),
    referenceOutput(graph, weights, images, options),
  );
};
