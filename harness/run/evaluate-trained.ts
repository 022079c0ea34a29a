/** A network on the images of a data set: a trained one of a run, or an ONNX file. */
import { basename } from 'node:path';
import type { Run } from '../../results/run/run.js';
import type { Dataset, SplitName } from '../data/dataset.js';
import { type Fit, fitted, requireFit } from '../data/images/fit.js';
import { readRegularFile } from '../files/regular-file.js';
import { deployForm } from '../rewrite/deploy.js';
import { type Evaluation, evaluate, evaluatePredictor } from '../train/evaluate.js';
import { UserError } from '../user/user-error.js';
import { plannedEngine, plannedRecipe } from './plan/planned.js';
import type { DoneTrial } from './trained.js';
import { trainedNetwork } from './trained.js';

/** What is evaluated on. */
export interface EvaluatedOn {
  readonly dataset: Dataset;
  readonly split: SplitName;
  readonly fit?: Fit | undefined;
}

/** As the trial itself did: in deploy form, on its engine, as many images at a time. Throws UserError where the images do not fit. */
export const evaluateTrial = async (
  directory: string,
  run: Run,
  trial: DoneTrial,
  { dataset, split, fit }: EvaluatedOn,
): Promise<Evaluation> => {
  const { plan } = run;
  const { graph, weights } = await trainedNetwork(directory, run, trial);
  const { input, trainThreads } = plan.conditions;
  requireImages(trial.candidate, input[0], graph.output.shape[0], dataset);
  requireFit(dataset, input[2], fit);
  const { engine } = await plannedEngine(plan);
  const deployed = deployForm(graph);
  return evaluate(engine, deployed.graph, deployed.convert(weights), {
    dataset: fitted(dataset, input[2], fit),
    split,
    size: input[2],
    threads: trainThreads,
    batch: plannedRecipe(plan).batch,
  });
};

const BATCH = 64;

/** Throws UserError where the file is no classifier of such images. */
export const evaluateModel = async (
  file: string,
  { dataset, split, fit }: EvaluatedOn,
): Promise<Evaluation> => {
  const { openModel } = await import('../engines/onnx/session.js');
  const bytes = await readRegularFile(file, { remedy: 'Name an ONNX file, or the folder of a run.' });
  const model = await openModel(bytes, file, 1);
  try {
    const [channels, height, width] = model.input;
    requireImages(basename(file), channels, model.classes, dataset);
    if (height !== width) {
      throw new UserError(`${file} takes images of ${height}x${width}.`, 'Export it for square images.');
    }
    requireFit(dataset, width, fit);
    const batch = model.batch ?? Math.min(BATCH, dataset.splits[split].count);
    return await evaluatePredictor(model.predictor(batch), model.classes, {
      ...{ dataset: fitted(dataset, width, fit), split, size: width, batch },
    });
  } finally {
    await model.dispose();
  }
};

const requireImages = (name: string, channels: number, classes: number, dataset: Dataset): void => {
  if (channels === dataset.channels && classes === dataset.classes.length) return;
  throw new UserError(
    `${name} takes ${channels} channels and gives ${classes} classes; ${dataset.id} has ${dataset.channels} and ${dataset.classes.length}.`,
    'Name the data set that it was trained for.',
  );
};
