/** What a plan speaks of, built or loaded again in another process, and checked to be the same. */
import type { Plan } from '../../../results/plan/plan.js';
import type { Dataset } from '../../data/dataset.js';
import { keepDecoded, readDecoded, touchDecoded } from '../../data/images/decoded-cache.js';
import { fitted } from '../../data/images/fit.js';
import { loadDatasetAt } from '../../data/registry.js';
import type { Engine } from '../../engines/engine.js';
import { findEngine, type ResolvedEngine, resolveEngine } from '../../engines/registry.js';
import type { Graph } from '../../graph/graph.js';
import { fingerprint } from '../../graph/print.js';
import { type Recipe, recipeSchema } from '../../recipe/recipe.js';
import { UserError } from '../../user/user-error.js';
import { readGraph } from '../folder/graph-files.js';
import { buildCandidate, settingsOf } from './candidate.js';
import { loadSuite } from './suite/load-suite.js';

/**
 * The candidate's training graph, built again, or read from a folder of graphs by fingerprint where its source is on another machine.
 * Throws UserError where it is no longer the planned one.
 */
export const plannedGraph = async (plan: Plan, name: string, graphs?: string): Promise<Graph> => {
  if (graphs !== undefined) {
    const sent = plan.candidates.find((one) => one.name === name);
    if (!sent) throw changed(plan, `it has no candidate ${name}`);
    return readGraph(graphs, sent.fingerprint);
  }
  const { suite } = await loadSuite(plan.source);
  const candidate = suite.candidates.find((one) => one.name === name);
  const record = plan.candidates.find((one) => one.name === name);
  if (!candidate || !record) throw changed(plan, `it has no candidate ${name}`);
  const site = { input: plan.conditions.input, classes: plan.conditions.dataset.classes };
  const graph = buildCandidate(suite, candidate, site, settingsOf(record.budget));
  if (fingerprint(graph) !== record.fingerprint) throw changed(plan, `${name} builds another network`);
  return graph;
};

/** The engine of the plan, checked. Throws UserError where it is missing, of another version or on another device. */
export const plannedEngine = async ({ conditions }: Plan): Promise<ResolvedEngine> => {
  const { id, version, device } = conditions.engine;
  const resolved = await resolveEngine(`${id}:${device}`);
  if (resolved.version === version) return resolved;
  throw new UserError(
    `The run was planned with ${id} ${version}, but ${resolved.version} is installed.`,
    'Results of different versions are not comparable: install the planned version, or start a new run.',
  );
};

/** The engine of a plan that was checked when its run began. */
export const engineOf = ({ conditions: { engine } }: Plan): Engine =>
  findEngine(`${engine.id}:${engine.device}`);

/**
 * The data set of the plan, its images fitted as it says: as it is kept for all trials, or else from its source. Throws UserError where
 * its content is another.
 */
export const plannedDataset = async (plan: Plan): Promise<Dataset> => {
  const { dataset, input, fit } = plan.conditions;
  const kept = await readDecoded(dataset.contentHash);
  return fitted(kept.state === 'whole' ? kept.dataset : await datasetFromSource(plan), input[2], fit);
};

/** Keeps the images of the plan decoded for all trials of this machine; the file that was damaged and is replaced, or null. */
export const shareDataset = async (plan: Plan): Promise<string | null> => {
  const { contentHash } = plan.conditions.dataset;
  const kept = await readDecoded(contentHash);
  if (kept.state === 'whole') await touchDecoded(contentHash);
  else await keepDecoded(await datasetFromSource(plan));
  return kept.state === 'damaged' ? kept.file : null;
};

const datasetFromSource = async ({ conditions: { dataset: planned }, data }: Plan): Promise<Dataset> => {
  const dataset = await loadDatasetAt(planned.id, data?.path);
  if (dataset.contentHash === planned.contentHash) {
    if (dataset.decoding === planned.decoding) return dataset;
    throw new UserError(
      `The run was planned where images are decoded by the rule ${planned.decoding ?? 'of an earlier version'}; here it is ${dataset.decoding}.`,
      'Pixels differ: go on with the version of lightbench that began the run, or start a new run.',
    );
  }
  throw new UserError(
    `The data set ${planned.id} changed since the run was planned: its content hash is ${dataset.contentHash}, not ${planned.contentHash}.`,
    'Restore the data, or start a new run.',
  );
};

export const plannedRecipe = ({ conditions }: Plan): Recipe => recipeSchema.parse(conditions.recipe);

const changed = ({ source }: Plan, how: string): UserError =>
  new UserError(
    `The suite ${source} has changed since the run was planned: ${how}.`,
    'Undo the change, or start a new run.',
  );
