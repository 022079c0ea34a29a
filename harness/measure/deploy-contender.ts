/** A network as it is timed: its deploy form, with weights of its own. */
import type { Graph } from '../graph/graph.js';
import { deployForm } from '../rewrite/deploy.js';
import { initialWeights } from '../train/initialise.js';
import type { GraphContender } from './latency/latency-measurement.js';

/** Values of weights do not change how long a network takes; those of seed 0 stand for all. */
export const LATENCY_SEED = 0;

export const contenderOf = (name: string, graph: Graph): GraphContender => {
  const deployed = deployForm(graph);
  return { name, graph: deployed.graph, weights: deployed.convert(initialWeights(graph, LATENCY_SEED)) };
};
