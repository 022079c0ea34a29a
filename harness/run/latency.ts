/** The latency of a plan's candidates, all in one measurement. What was measured stays in the run's folder. */
import { join } from 'node:path';
import { COSTS, costFileNames, printOperationCosts } from '../../results/cost-rows.js';
import { MODELS, modelFile } from '../../results/model-files.js';
import type { ModelRecord } from '../../results/model-record.js';
import type { Plan } from '../../results/record.js';
import { DEFAULT_THRESHOLDS } from '../../results/thresholds.js';
import { operationRows } from '../cost/operations.js';
import type { Graph } from '../graph/graph.js';
import { watchMachine } from '../measure/disturbance.js';
import { exportModel, modelContender } from '../measure/exported-model.js';
import { type Contender, type GraphContender, measureLatency } from '../measure/latency.js';
import { isDecidedEarly } from '../measure/stopping.js';
import { deployForm } from '../rewrite/deploy.js';
import { earlyLooks } from '../stats/looks.js';
import { initialWeights } from '../train/initialise.js';
import { plannedEngine, plannedGraph } from './planned.js';
import { makeFolder, writeWhole } from './run-directory.js';

/** Values of weights do not change how long a network takes; those of seed 0 stand for all. */
export const LATENCY_SEED = 0;

/** The network's deploy form. */
export const contenderOf = (name: string, graph: Graph): GraphContender => {
  const deployed = deployForm(graph);
  return { name, graph: deployed.graph, weights: deployed.convert(initialWeights(graph, LATENCY_SEED)) };
};

/**
 * Each outcome comes with the model that was measured; null where it was not onnxruntime on the CPU that ran it. Ends before the planned sessions
 * where every pair is decided by far, and tells so.
 */
export const measurePlan = async (
  plan: Plan,
  directory: string,
  onProgress?: (done: number, total: number) => void,
) => {
  const { engine, device } = await plannedEngine(plan);
  const costFiles = costFileNames(plan.candidates.map(({ name }) => name));
  const models = new Map<string, ModelRecord>();
  const contenders: Contender[] = [];
  for (const { name } of plan.candidates) {
    const graph = await plannedGraph(plan, name);
    const contender = contenderOf(name, graph);
    await keepCosts(directory, costFiles.get(name) ?? name, graph, contender.graph);
    if (engine.id !== 'onnxruntime' || device !== 'cpu') {
      contenders.push(contender);
      continue;
    }
    const { record, bytes } = exportModel(contender.graph, contender.weights, plan.latency);
    await keep(directory, MODELS, modelFile(record.sha256), bytes);
    models.set(name, record);
    contenders.push(modelContender(name, graph.input.shape, bytes, record.session));
  }
  const { sessions } = plan.latency;
  const { latency: threshold } = plan.thresholds ?? DEFAULT_THRESHOLDS;
  const conditionsUntilNow = await watchMachine();
  const { outcomes, control } = await measureLatency({
    engine,
    contenders,
    ...plan.latency,
    seed: LATENCY_SEED,
    isEnough: isDecidedEarly(threshold, sessions),
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  return {
    outcomes: outcomes.map((one) => ({ ...one, model: models.get(one.candidate) ?? null })),
    control,
    measurement: {
      earlyLooks: earlyLooks(sessions),
      endedEarly: control !== null && control.result.sessions < sessions,
      conditions: await conditionsUntilNow(),
    },
  };
};

const keepCosts = (directory: string, file: string, train: Graph, deploy: Graph): Promise<void> =>
  keep(
    directory,
    COSTS,
    file,
    printOperationCosts({ train: operationRows(train), deploy: operationRows(deploy) }),
  );

const keep = async (
  directory: string,
  folder: string,
  file: string,
  content: string | Uint8Array,
): Promise<void> => {
  const target = join(directory, folder);
  await makeFolder(target);
  await writeWhole(target, file, content);
};
