/** One trial: a candidate trained with one seed, brought to its deploy form, checked, and tested. */
import type { Plan, TrialResult } from '../../results/record.js';
import { loadDataset } from '../data/registry.js';
import { type ResolvedEngine, resolveEngine } from '../engines/registry.js';
import type { Graph } from '../graph/graph.js';
import { fingerprint } from '../graph/print.js';
import { kernelMagnitudes } from '../measure/kernel-magnitudes.js';
import { randomStream } from '../random.js';
import { checkDeploy } from '../rewrite/check.js';
import { deployForm } from '../rewrite/deploy.js';
import { evaluate } from '../train/evaluate.js';
import { initialWeights } from '../train/initialise.js';
import { type Epoch, trainNetwork } from '../train/loop.js';
import { recipeSchema } from '../train/recipe.js';
import { UserError } from '../user-error.js';
import { buildCandidate } from './candidate.js';
import { dropTraining, loadTraining, saveTraining } from './checkpoint-file.js';
import { loadSuite } from './load-suite.js';

export interface TrialProgress {
  readonly onStep?: (done: number, total: number) => void;
  readonly onEpoch?: (epoch: Epoch) => void;
}

/**
 * Training is kept in the run's folder after every epoch and goes on from there. Throws UserError where suite, data or engine are no
 * longer those of the plan, TrainingFailure where the loss is not finite, Error where the deploy form does not compute what the
 * training form does.
 */
export const runTrial = async (
  plan: Plan,
  key: string,
  directory: string,
  { onStep, onEpoch }: TrialProgress = {},
): Promise<TrialResult> => {
  const { candidate, seed } = plannedTrial(plan, key);
  const { conditions } = plan;
  const { engine } = await plannedEngine(plan);
  const graph = await plannedGraph(plan, candidate);
  const dataset = await plannedDataset(plan);
  const [, , size] = conditions.input;
  const threads = conditions.trainThreads;
  const recipe = recipeSchema.parse(conditions.recipe);
  const saved = await loadTraining(directory, key);
  const { weights, epochs, imagesPerSecond } = await trainNetwork({
    engine,
    graph,
    weights: initialWeights(graph, seed),
    dataset,
    size,
    trainImages: conditions.dataset.trainImages,
    recipe,
    seed,
    threads,
    ...(saved?.state === 'whole' ? { from: saved.training } : {}),
    onState: (state) => saveTraining(directory, key, state),
    ...(onStep === undefined ? {} : { onStep }),
    ...(onEpoch === undefined ? {} : { onEpoch }),
  });
  const deployed = deployForm(graph);
  const deployCheck = await checkDeploy(engine, graph, weights, deployed, randomStream(seed, 'deploy check'));
  const deployedWeights = deployed.convert(weights);
  const test = await evaluate(engine, deployed.graph, deployedWeights, {
    dataset,
    split: 'test',
    size,
    threads,
    batch: recipe.batch,
  });
  await dropTraining(directory, key);
  return {
    epochs: [...epochs],
    trainSeconds: epochs.reduce((sum, { seconds }) => sum + seconds, 0),
    trainImagesPerSecond: imagesPerSecond,
    testTop1: test.top1,
    testLoss: test.loss,
    testCorrect: packBits(test.correct),
    deployCheck,
    kernelMagnitudes: kernelMagnitudes(deployed.graph, deployedWeights),
  };
};

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

const plannedDataset = async ({ conditions: { dataset: planned } }: Plan) => {
  const dataset = await loadDataset(planned.id);
  if (dataset.contentHash === planned.contentHash) return dataset;
  throw new UserError(
    `The data set ${planned.id} has the content hash ${dataset.contentHash}; the run was planned with ${planned.contentHash}.`,
    'Restore the former data, or begin a new run.',
  );
};

const plannedTrial = ({ trials }: Plan, key: string): Plan['trials'][number] => {
  const trial = trials.find((one) => one.key === key);
  if (!trial) throw new RangeError(`The plan has no trial ${key}.`);
  return trial;
};

const changed = ({ source }: Plan, how: string): UserError =>
  new UserError(
    `The suite ${source} has changed since the run was planned: ${how}.`,
    'Undo the change, or begin a new run.',
  );

/** One bit an image, the first in the lowest bit, base64. */
const packBits = (bits: Uint8Array): string => {
  const bytes = new Uint8Array(Math.ceil(bits.length / 8));
  bits.forEach((bit, index) => {
    bytes[index >> 3] = (bytes[index >> 3] ?? 0) | (bit << (index & 7));
  });
  return Buffer.from(bytes).toString('base64');
};
