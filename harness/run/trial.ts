/** One trial: a candidate trained with one seed, brought to its deploy form, checked, and tested. */
import type { Plan, TrialResult } from '../../results/record.js';
import { kernelMagnitudes } from '../measure/kernel-magnitudes.js';
import { randomStream } from '../random.js';
import { checkDeploy } from '../rewrite/check.js';
import { deployForm } from '../rewrite/deploy.js';
import { evaluate } from '../train/evaluate.js';
import { dropTraining } from './checkpoint-file.js';
import { plannedRecipe } from './planned.js';
import { type TrainingProgress, trainPlanned } from './train-planned.js';

export interface TrialJob {
  readonly plan: Plan;
  readonly key: string;
  readonly directory: string;
  /** In place of the recipe's, where it was tuned. */
  readonly learningRate?: number;
}

/** Throws as trainPlanned does, and Error where the deploy form does not compute what the training form does. */
export const runTrial = async (
  { plan, key, directory, learningRate }: TrialJob,
  progress: TrainingProgress = {},
): Promise<TrialResult> => {
  const { candidate, seed } = plannedTrial(plan, key);
  const planned = plannedRecipe(plan);
  const recipe = { ...planned, learningRate: learningRate ?? planned.learningRate };
  const { engine, graph, weights, epochs, imagesPerSecond, dataset, size, threads } = await trainPlanned(
    { plan, key, candidate, seed, recipe, directory },
    progress,
  );
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
    learningRate: recipe.learningRate,
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

const plannedTrial = ({ trials }: Plan, key: string): Plan['trials'][number] => {
  const trial = trials.find((one) => one.key === key);
  if (!trial) throw new RangeError(`The plan has no trial ${key}.`);
  return trial;
};

/** One bit an image, the first in the lowest bit, base64. */
export const packBits = (bits: Uint8Array): string => {
  const bytes = new Uint8Array(Math.ceil(bits.length / 8));
  bits.forEach((bit, index) => {
    bytes[index >> 3] = (bytes[index >> 3] ?? 0) | (bit << (index & 7));
  });
  return Buffer.from(bytes).toString('base64');
};
