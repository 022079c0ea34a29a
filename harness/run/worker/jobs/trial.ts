/** One trial: a candidate trained with one seed, brought to its deploy form, checked, and tested. */

import type { WeightsRecord } from '../../../../results/model/weights.js';
import type { Plan } from '../../../../results/plan/plan.js';
import type { Int8Result } from '../../../../results/training/int8.js';
import type { TrialResult } from '../../../../results/training/trial.js';
import { onnxruntimeInt8 } from '../../../engines/onnx/engine.js';
import { fingerprint } from '../../../graph/print.js';
import { kernelMagnitudes } from '../../../measure/kernel-magnitudes.js';
import { ownVersion } from '../../../package/own-code.js';
import { randomStream } from '../../../random.js';
import { checkDeploy } from '../../../rewrite/check.js';
import { deployForm } from '../../../rewrite/deploy.js';
import { evaluate } from '../../../train/evaluate.js';
import { testInt8 } from '../../../train/int8.js';
import { packBits } from '../../../train/pack-bits.js';
import { phaseClock } from '../../../train/phase-clock.js';
import { keepWeights, type WeightsTarget } from '../../../weights/keep.js';
import { plannedRecipe } from '../../plan/planned.js';
import { type TrainingProgress, trainPlanned } from './train-planned.js';

export interface TrialJob {
  readonly plan: Plan;
  readonly key: string;
  readonly directory: string;
  /** As plannedGraph takes it. */
  readonly graphs?: string;
  /** In place of the recipe's, where it was tuned. */
  readonly learningRate?: number;
  /** Where the trained weights go; they are not kept where it is absent. */
  readonly weights?: WeightsTarget;
}

export interface FinishedTrial {
  readonly result: TrialResult;
  readonly weights: WeightsRecord;
}

/** Throws as trainPlanned does, and Error where the deploy form does not compute what the training form does. */
export const runTrial = async (
  { plan, key, directory, graphs, learningRate, weights: target }: TrialJob,
  progress: TrainingProgress = {},
): Promise<FinishedTrial> => {
  const { clock = phaseClock(), onStep = () => {} } = progress;
  const { int8: setting } = plan.conditions;
  const planned = plannedRecipe(plan);
  const fineTuning = setting?.fineTune?.epochs ?? 0;
  const recipe = { ...planned, learningRate: learningRate ?? planned.learningRate };
  const { engine, graph, weights, epochs, imagesPerSecond, dataset, size, seed, threads } =
    await trainPlanned({ plan, key, directory, graphs }, recipe, {
      ...progress,
      clock,
      onStep: partOf(onStep, { before: 0, own: recipe.epochs, after: fineTuning }),
    });
  const deployed = deployForm(graph);
  const deployCheck = await clock.time('check', () =>
    checkDeploy(engine, graph, weights, deployed, randomStream(seed, 'deploy check')),
  );
  const deployedWeights = deployed.convert(weights);
  const test = await clock.time('evaluation', () =>
    evaluate(engine, deployed.graph, deployedWeights, {
      dataset,
      split: 'test',
      size,
      threads,
      batch: recipe.batch,
    }),
  );
  const int8 =
    setting === undefined
      ? {}
      : await clock.time('int8', () =>
          inInt8OrWhyNot(() =>
            testInt8(onnxruntimeInt8, deployed.graph, deployedWeights, {
              ...{ setting, dataset, size, threads, batch: recipe.batch },
              trainImages: plan.conditions.dataset.trainImages,
              training: {
                recipe: planned,
                seed,
                onStep: partOf(onStep, { before: recipe.epochs, own: fineTuning, after: 0 }),
              },
            }),
          ),
        );
  const kept = await keepWeights(target, graph, weights, {
    lightbench: ownVersion(),
    weights: 'trained',
    network: fingerprint(graph),
    seed: `${seed}`,
  });
  const result: TrialResult = {
    learningRate: recipe.learningRate,
    epochs: [...epochs],
    trainSeconds: epochs.reduce((sum, { seconds }) => sum + seconds, 0),
    trainImagesPerSecond: imagesPerSecond,
    testTop1: test.top1,
    testLoss: test.loss,
    testCorrect: packBits(test.correct),
    deployCheck,
    ...int8,
    kernelMagnitudes: kernelMagnitudes(deployed.graph, deployedWeights),
    phaseSeconds: clock.seconds(),
  };
  return { result, weights: kept };
};

/** What the training has reached in float stays, whatever happens to it in int8. */
const inInt8OrWhyNot = async (
  test: () => Promise<Int8Result>,
): Promise<Pick<TrialResult, 'int8' | 'int8Failure'>> => {
  try {
    return { int8: await test() };
  } catch (error) {
    return { int8Failure: error instanceof Error ? error.message : String(error) };
  }
};

/** Counts the steps of some epochs as part of those before and after them. */
const partOf =
  (
    onStep: (done: number, total: number) => void,
    { before, own, after }: Readonly<Record<'before' | 'own' | 'after', number>>,
  ) =>
  (done: number, total: number): void => {
    const stepsOfAnEpoch = total / own;
    onStep(before * stepsOfAnEpoch + done, (before + own + after) * stepsOfAnEpoch);
  };
