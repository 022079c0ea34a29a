/** Where a run gets its trainings done, and devices to measure: on this machine, or among the workers of a fleet. */
import { contentKey } from '../../results/plan/plan-key.js';
import type { Run } from '../../results/run/run.js';
import type { Graph } from '../graph/graph.js';
import { usableCores } from '../measure/machine/cores.js';
import { UserError } from '../user/user-error.js';
import { plannedGraph } from './plan/planned.js';
import type { RunOptions } from './run-options.js';
import { type DevicePlace, noDevices } from './worker/places/device-place.js';
import { type TrainingPlace, thisMachine } from './worker/places/training-place.js';

export interface OpenPlace {
  readonly place: TrainingPlace;
  readonly devices: DevicePlace;
}

/** Until the work is done. Throws UserError where Redis is named and cannot be reached. */
export const withPlace = async (
  run: Run,
  { jobs = usableCores(), gpus, limits = {}, latencySeconds, redis, onEvent }: RunOptions,
  work: (open: OpenPlace) => Promise<void>,
): Promise<void> => {
  if (redis === undefined) return work({ place: thisMachine(jobs, gpus), devices: noDevices });
  const { coordinate } = await import('../fleet/coordinator.js');
  const { redisAddress } = await import('../fleet/redis/address.js');
  const coordinator = await coordinate({
    address: redisAddress(redis),
    run: fleetId(run),
    plan: run.plan,
    limits,
    latencyLimits: latencySeconds === undefined ? {} : { seconds: latencySeconds },
    graphs: await graphsOf(run),
    recorded: [...run.tries, ...run.trials].flatMap(({ state, key }) => (state === 'pending' ? [] : [key])),
    ...(onEvent === undefined ? {} : { onEvent }),
  });
  let isOver = false;
  try {
    await work({ place: coordinator, devices: coordinator });
    isOver = true;
  } finally {
    await coordinator.close(isOver);
  }
};

/** The same for a folder whenever it is resumed and wherever it lies, another for every other. */
const fleetId = ({ plan: { suite, candidates }, environment: { startedAt } }: Run): string =>
  contentKey({ suite, fingerprints: candidates.map(({ fingerprint }) => fingerprint), startedAt });

const graphsOf = async ({ plan }: Run): Promise<ReadonlyMap<string, Graph>> => {
  const graphs = new Map<string, Graph>();
  for (const { name, fingerprint } of plan.candidates) {
    const graph = await plannedGraph(plan, name);
    if (graph.initial !== undefined) {
      throw new UserError(
        `${name} starts from weights in a file, which workers do not have.`,
        'Run without --redis, or leave out init.',
      );
    }
    graphs.set(fingerprint, graph);
  }
  return graphs;
};
