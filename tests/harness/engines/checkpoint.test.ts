import { describe, expect, it } from 'vitest';
import type { Checkpoint, Engine } from '../../../harness/engines/engine.js';
import type { StepRecipeInput } from '../../../harness/recipe/recipe.js';
import { AVAILABLE_ENGINES } from '../../support/engines.js';
import { randomValues, randomWeights } from '../../support/random.js';
import { stepRecipe } from '../../support/recipe.js';
import { tinyNetwork } from '../../support/tiny-network.js';

const graph = tinyNetwork();
const BATCH = 4;

const batchOf = (step: number) => ({
  images: randomValues(BATCH * 144, step),
  labels: Int32Array.of(0, 1, 2, 3),
  count: BATCH,
});

const trainerOf = (engine: Engine, changes: StepRecipeInput, seed: number, checkpoint?: Checkpoint) =>
  engine.createTrainer(graph, randomWeights(graph, seed), {
    batch: BATCH,
    threads: 1,
    recipe: stepRecipe(changes),
    ...(checkpoint === undefined ? {} : { checkpoint }),
  });

describe.each(AVAILABLE_ENGINES)('a checkpoint of $id', (engine) => {
  const recipes: Readonly<Record<string, StepRecipeInput>> = {
    'SGD with momentum': {},
    ...(engine.lacks?.includes('AdamW') ? {} : { AdamW: { optimizer: { kind: 'adamw' } } }),
    ...(engine.lacks?.includes('a moving average of weights') ? {} : { averages: { emaDecay: 0.9 } }),
  };

  it.each(Object.entries(recipes))(
    'goes on as the trainer does that it was taken from: %s',
    async (_name, recipe) => {
      const original = await trainerOf(engine, recipe, 1);
      for (const step of [1, 2, 3]) await original.step(batchOf(step), 0.05);
      const checkpoint = await original.checkpoint();
      expect(checkpoint.steps).toBe(3);
      const restored = await trainerOf(engine, recipe, 2, checkpoint);
      expect(await restored.checkpoint()).toEqual(checkpoint);
      expect(await restored.weights()).toEqual(await original.weights());
      for (const step of [4, 5]) {
        const losses = [await original.step(batchOf(step), 0.05), await restored.step(batchOf(step), 0.05)];
        expect(losses[1]).toEqual(losses[0]);
      }
      expect(await restored.checkpoint()).toEqual(await original.checkpoint());
      expect(checkpoint.steps).toBe(3);
      await Promise.all([original.dispose(), restored.dispose()]);
    },
  );

  it('of another graph, or without a vector, is refused', async () => {
    const trainer = await trainerOf(engine, {}, 1);
    const { steps, vectors } = await trainer.checkpoint();
    await trainer.dispose();
    const [[path = ''] = []] = vectors.get('parameters') ?? [];
    const wider = new Map([...(vectors.get('parameters') ?? []), [path, new Float32Array(1)] as const]);
    const changed = { steps, vectors: new Map([...vectors, ['parameters', wider] as const]) };
    await expect(trainerOf(engine, {}, 1, changed)).rejects.toThrow(/needs \d+ values and has 1/);
    const less = { steps, vectors: new Map([...vectors].filter(([name]) => name !== 'momenta')) };
    await expect(trainerOf(engine, {}, 1, less)).rejects.toThrow('The checkpoint has no momenta.');
  });
});
