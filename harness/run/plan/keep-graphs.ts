import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan } from '../../../results/plan/plan.js';
import { graphRecord } from '../../graph/graph-record.js';
import { GRAPHS, writeGraph } from '../folder/graph-files.js';
import { makeInnerFolder } from '../folder/run-directory.js';
import { plannedGraph } from './planned.js';

/** Writes the network of every candidate beside the weights: they are then of use without the suite. */
export const keepGraphs = async (directory: string, plan: Plan): Promise<void> => {
  const folder = join(directory, GRAPHS);
  await makeInnerFolder(folder);
  for (const { name, fingerprint } of plan.candidates) {
    if (existsSync(join(folder, `${fingerprint}.json`))) continue;
    await writeGraph(folder, fingerprint, JSON.stringify(graphRecord(await plannedGraph(plan, name))));
  }
};
