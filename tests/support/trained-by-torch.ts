import type { Checkpoint } from '../../harness/engines/engine.js';
import type { StepRecipeInput } from '../../harness/recipe/recipe.js';
import { initialWeights } from '../../harness/train/initialise.js';
import { randomValues } from './random.js';
import { stepRecipe } from './recipe.js';
import { tinyNetwork } from './tiny-network.js';
import { torchOnCpu } from './torch-engine.js';

const BATCH = 32;
const graph = tinyNetwork();
const weights = initialWeights(graph, 1);
const batch = {
  images: randomValues(BATCH * 144, 2),
  labels: Int32Array.from({ length: BATCH }, (_, i) => i % 4),
  count: BATCH,
};

/** What steps on one batch make of a tiny network: the same network and batch every time. */
export const trainedByTorch = async (
  recipe: StepRecipeInput,
  { checkpoint, steps = 10 }: { readonly checkpoint?: Checkpoint; readonly steps?: number } = {},
) => {
  const trainer = await torchOnCpu.createTrainer(graph, weights, {
    batch: BATCH,
    threads: 1,
    recipe: stepRecipe(recipe),
    ...(checkpoint === undefined ? {} : { checkpoint }),
  });
  const losses: number[] = [];
  for (let step = 0; step < steps; step += 1) losses.push((await trainer.step(batch, 0.05)).loss);
  const result = { losses, weights: await trainer.weights(), checkpoint: await trainer.checkpoint() };
  await trainer.dispose();
  return result;
};
