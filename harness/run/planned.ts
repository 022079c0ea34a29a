/** What a plan speaks of, built or loaded again in another process, and checked to be the same. */
import type { Plan } from '../../results/record.js';
import type { Dataset } from '../data/dataset.js';
import { loadDataset } from '../data/registry.js';
import { type ResolvedEngine, resolveEngine } from '../engines/registry.js';
import type { Graph } from '../graph/graph.js';
import { fingerprint } from '../graph/print.js';
import { type Recipe, recipeSchema } from '../train/recipe.js';
import { UserError } from '../user-error.js';
import { buildCandidate } from './candidate.js';
import { loadSuite } from './load-suite.js';

/** The candidate's training graph, built again. Throws UserError where it is no longer the planned one. */
export const plannedGraph = async (plan: Plan, name: string): Promise<Graph> => {
  const { suite } = await loadSuite(plan.source);
  const candidate = suite.candidates.find((one) => one.name === name);
  const record = plan.candidates.find((one) => one.name === name);
  if (!candidate || !record) throw changed(plan, `it has no candidate ${name}`);
  const site = { input: plan.conditions.input, classes: plan.conditions.dataset.classes };
  const graph = buildCandidate(suite, candidate, site, record.budget?.value);
  if (fingerprint(graph) !== record.fingerprint) throw changed(plan, `${name} builds another network`);
  return graph;
};

/** The engine of the plan. Throws UserError where it is missing, of another version or on another device. */
export const plannedEngine = async ({ conditions }: Plan): Promise<ResolvedEngine> => {
  const { id, version, device } = conditions.engine;
  const resolved = await resolveEngine(`${id}:${device}`);
  if (resolved.version === version) return resolved;
  throw new UserError(
    `The run was planned with ${id} ${version}; ${resolved.version} is installed.`,
    'Results of different versions are not comparable: install the former version, or begin a new run.',
  );
};

/** The data set of the plan. Throws UserError where its content is another. */
export const plannedDataset = async ({ conditions: { dataset: planned } }: Plan): Promise<Dataset> => {
  const dataset = await loadDataset(planned.id);
  if (dataset.contentHash === planned.contentHash) return dataset;
  throw new UserError(
    `The data set ${planned.id} has the content hash ${dataset.contentHash}; the run was planned with ${planned.contentHash}.`,
    'Restore the former data, or begin a new run.',
  );
};

export const plannedRecipe = ({ conditions }: Plan): Recipe => recipeSchema.parse(conditions.recipe);

const changed = ({ source }: Plan, how: string): UserError =>
  new UserError(
    `The suite ${source} has changed since the run was planned: ${how}.`,
    'Undo the change, or begin a new run.',
  );
