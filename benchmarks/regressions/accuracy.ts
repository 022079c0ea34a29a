/** A broken augmentation: half of the training images are turned upside down, and the recipe says nothing of it. */

import type { Dataset } from '../../harness/data/dataset.js';
import { loadDataset } from '../../harness/data/registry.js';
import { resolveEngine } from '../../harness/engines/registry.js';
import { compareAccuracy } from '../../harness/regression/compare/accuracy-changes.js';
import type { MeasuredComparison } from '../../harness/regression/compare/comparison.js';
import { deployForm } from '../../harness/rewrite/deploy.js';
import { plannedGraph, plannedRecipe } from '../../harness/run/plan/planned.js';
import { planRun } from '../../harness/run/run.js';
import { evaluate } from '../../harness/train/evaluate.js';
import { initialWeights } from '../../harness/train/initialise.js';
import { packBits } from '../../harness/train/pack-bits.js';
import { trainNetwork } from '../../harness/train/train-network.js';
import type { BaselineAccuracy } from '../../results/baseline.js';
import type { Plan } from '../../results/plan/plan.js';
import { DEFAULT_THRESHOLDS } from '../../results/plan/thresholds.js';

/** Trains the candidates of a suite on both sides, with the same seeds. */
export const compareBrokenAugmentation = async (suite: string): Promise<MeasuredComparison> => {
  const plan = await planRun(suite);
  const dataset = await loadDataset(plan.conditions.dataset.id);
  const side = async (name: string, data: Dataset) => ({
    name,
    accuracy: await train(plan, data),
    thresholds: plan.thresholds ?? DEFAULT_THRESHOLDS,
    entries: plan.candidates,
  });
  return compareAccuracy(await side('whole', dataset), await side('broken', upsideDown(dataset)));
};

const train = async (plan: Plan, dataset: Dataset): Promise<BaselineAccuracy> => {
  const { conditions } = plan;
  const { engine } = await resolveEngine(conditions.engine.id);
  const recipe = plannedRecipe(plan);
  const [, , size] = conditions.input;
  const threads = conditions.trainThreads;
  const trials = [];
  for (const { candidate, seed } of plan.trials) {
    const graph = await plannedGraph(plan, candidate);
    const { weights } = await trainNetwork({
      engine,
      graph,
      weights: initialWeights(graph, seed),
      dataset,
      size,
      recipe,
      seed,
      threads,
      trainImages: conditions.dataset.trainImages,
    });
    const deployed = deployForm(graph);
    const { correct } = await evaluate(engine, deployed.graph, deployed.convert(weights), {
      dataset,
      split: 'test',
      size,
      threads,
      batch: recipe.batch,
    });
    trials.push({ candidate, seed, testCorrect: packBits(correct) });
  }
  return { conditions, trials };
};

/** The training images of odd index. */
const upsideDown = (dataset: Dataset): Dataset => {
  const { train } = dataset.splits;
  if (!('read' in train)) throw new Error(`The images of ${dataset.id} are not stored.`);
  return {
    ...dataset,
    splits: {
      ...dataset.splits,
      train: {
        ...train,
        read: (index) => {
          const image = train.read(index);
          if (index % 2 === 0) return image;
          const row = image.width * image.pixelStep;
          const bytes = image.bytes.slice();
          for (let top = 0; top < bytes.length; top += row * image.height) {
            for (let y = 0; y < image.height; y += 1) {
              bytes.set(
                image.bytes.subarray(top + y * row, top + (y + 1) * row),
                top + (image.height - 1 - y) * row,
              );
            }
          }
          return { ...image, bytes };
        },
      },
    },
  };
};
