/** The latency of a plan's candidates, all in one measurement. */
import type { Plan } from '../../results/record.js';
import { DEFAULT_THRESHOLDS } from '../analysis/analyse.js';
import { watchMachine } from '../measure/disturbance.js';
import { measureLatency } from '../measure/latency.js';
import { isDecidedEarly } from '../measure/stopping.js';
import { deployForm } from '../rewrite/deploy.js';
import { earlyLooks } from '../stats/looks.js';
import { initialWeights } from '../train/initialise.js';
import { plannedEngine, plannedGraph } from './trial.js';

/** Values of weights do not change how long a network takes; those of seed 0 stand for all. */
const SEED = 0;

/** Ends before the planned sessions where every pair is decided by far, and tells so. */
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
  const { sessions } = plan.latency;
  const conditionsUntilNow = await watchMachine();
  const measured = await measureLatency({
    engine,
    contenders,
    ...plan.latency,
    seed: SEED,
    isEnough: isDecidedEarly(DEFAULT_THRESHOLDS.latency, sessions),
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  return {
    ...measured,
    measurement: {
      earlyLooks: earlyLooks(sessions),
      endedEarly: measured.control !== null && measured.control.result.sessions < sessions,
      conditions: await conditionsUntilNow(),
    },
  };
};
