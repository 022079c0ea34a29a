/** The latency of a plan's candidates, all in one measurement. */
import type { Plan } from '../../results/record.js';
import type { Graph } from '../graph/graph.js';
import { type Contender, measureLatency } from '../measure/latency.js';
import { deployForm } from '../rewrite/deploy.js';
import { initialWeights } from '../train/initialise.js';
import { plannedEngine, plannedGraph } from './planned.js';

/** Values of weights do not change how long a network takes; those of seed 0 stand for all. */
export const SEED = 0;

/** The network's deploy form. */
export const contenderOf = (name: string, graph: Graph): Contender => {
  const deployed = deployForm(graph);
  return { name, graph: deployed.graph, weights: deployed.convert(initialWeights(graph, SEED)) };
};

export const measurePlan = async (plan: Plan, onProgress?: (done: number, total: number) => void) => {
  const { engine } = await plannedEngine(plan);
  const contenders = [];
  for (const { name } of plan.candidates) {
    contenders.push(contenderOf(name, await plannedGraph(plan, name)));
  }
  return measureLatency({
    engine,
    contenders,
    ...plan.latency,
    seed: SEED,
    ...(onProgress === undefined ? {} : { onProgress }),
  });
};
