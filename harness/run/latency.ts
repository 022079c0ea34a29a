/** The latency of a plan's candidates, all in one measurement. */
import type { Plan } from '../../results/record.js';
import { measureLatency } from '../measure/latency.js';
import { deployForm } from '../rewrite/deploy.js';
import { initialWeights } from '../train/initialise.js';
import { plannedEngine, plannedGraph } from './planned.js';

/** Values of weights do not change how long a network takes; those of seed 0 stand for all. */
const SEED = 0;

export const measurePlan = async (plan: Plan, onProgress?: (done: number, total: number) => void) => {
  const { engine } = await plannedEngine(plan);
  const contenders = [];
  for (const { name } of plan.candidates) {
    const graph = await plannedGraph(plan, name);
    const deployed = deployForm(graph);
    contenders.push({
      name,
      graph: deployed.graph,
      weights: deployed.convert(initialWeights(graph, SEED)),
    });
  }
  return measureLatency({
    engine,
    contenders,
    ...plan.latency,
    seed: SEED,
    ...(onProgress === undefined ? {} : { onProgress }),
  });
};
