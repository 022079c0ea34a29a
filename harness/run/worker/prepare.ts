/** What a worker can do before it knows which training of a plan is its own. */
import type { Plan } from '../../../results/plan.js';
import { contentKey } from '../../../results/plan-key.js';
import type { Dataset } from '../../data/dataset.js';
import { loadSuite } from '../plan/load-suite.js';
import { engineOf, plannedDataset } from '../plan/planned.js';

/** Rejects where the plan's data, suite or engine cannot be loaded. */
export const prepare = async (plan: Plan): Promise<void> => {
  await Promise.all([preparedDataset(plan), loadSuite(plan.source), engineOf(plan).load?.()]);
};

let prepared: { readonly key: string; readonly dataset: Promise<Dataset> } | null = null;

/** As plannedDataset; read once, however often it is asked for one after the other. */
export const preparedDataset = (plan: Plan): Promise<Dataset> => {
  const { dataset, input, fit } = plan.conditions;
  const key = contentKey({ dataset, input, fit });
  if (prepared?.key !== key) prepared = { key, dataset: plannedDataset(plan) };
  return prepared.dataset;
};
