import { describe, expect, it } from 'vitest';
import type { Engine } from '../../../harness/engines/engine.js';
import { onnxruntime } from '../../../harness/engines/onnx/engine.js';
import { requireEngineFor } from '../../../harness/engines/requirements.js';
import {
  PYTORCH_FEATURES,
  RECIPE_FEATURES,
  type RecipeFeature,
  type StepRecipeInput,
} from '../../../harness/recipe/recipe.js';
import { initialWeights } from '../../../harness/train/initialise.js';
import { AVAILABLE_ENGINES } from '../../support/engines.js';
import { stepRecipe } from '../../support/recipe.js';
import { refusalOf } from '../../support/refusal.js';
import { tinyNetwork } from '../../support/tiny-network.js';

const ASKING: Record<RecipeFeature, StepRecipeInput> = {
  AdamW: { optimizer: { kind: 'adamw' } },
  'gradient clipping': { clipNorm: 1 },
  'a moving average of weights': { emaDecay: 0.99 },
  mixup: { augmentation: { mixup: 0.2 } },
  'precision bf16': { precision: 'bf16' },
  'deterministic algorithms': { deterministic: true },
  'torch.compile': { compiled: true },
};

const FEATURES = Object.entries(ASKING);

/** Trained in `pytorch/compiled.slow.test.ts`: compiling takes most of a minute. */
const SLOW = 'torch.compile' satisfies RecipeFeature;

describe('what a recipe asks of an engine', () => {
  it('is nothing beyond the default recipe unless it says so', () => {
    const asked = (changes: StepRecipeInput) =>
      Object.entries(RECIPE_FEATURES).flatMap(([name, asks]) => (asks(stepRecipe(changes)) ? [name] : []));
    expect(asked({ labelSmoothing: 0.1, augmentation: { erase: 1 } })).toEqual([]);
    for (const [feature, changes] of FEATURES) expect(asked(changes)).toEqual([feature]);
  });

  it.each(FEATURES)('%s is refused by an engine that lacks it, and by no other', async (feature, changes) => {
    const recipe = stepRecipe(changes);
    for (const engine of AVAILABLE_ENGINES) {
      const lacks = engine.lacks?.some((lacked) => lacked === feature) ?? false;
      if (!lacks) {
        requireEngineFor(engine, recipe);
        continue;
      }
      const other = PYTORCH_FEATURES.some((one) => one === feature) ? 'pytorch' : 'onnxruntime';
      expect(await refusalOf(() => requireEngineFor(engine, recipe))).toBe(
        `The recipe uses ${feature}, which the engine ${engine.id} does not support. Use the engine ${other}, or change the recipe.`,
      );
    }
  });

  it('is named whole where an engine lacks several things', async () => {
    const engine: Engine = { ...onnxruntime, lacks: ['AdamW', 'mixup'] };
    const recipe = stepRecipe({ ...ASKING.AdamW, ...ASKING.mixup, clipNorm: 1 });
    expect(await refusalOf(() => requireEngineFor(engine, recipe))).toMatch(
      /^The recipe uses AdamW, mixup, which /,
    );
  });

  it('is trained by every engine that does not lack it', async () => {
    const graph = tinyNetwork();
    for (const engine of AVAILABLE_ENGINES) {
      for (const [feature, changes] of FEATURES) {
        if (feature === SLOW || engine.lacks?.some((lacked) => lacked === feature)) continue;
        const recipe = stepRecipe(changes);
        const trainer = await engine.createTrainer(graph, initialWeights(graph, 0), {
          batch: 2,
          threads: 1,
          recipe,
        });
        const mixed = { labels: Int32Array.of(2, 3), shares: Float32Array.of(0.25, 1) };
        const { loss } = await trainer.step(
          {
            images: new Float32Array(2 * 144).fill(0.5),
            labels: Int32Array.of(0, 1),
            count: 2,
            ...(recipe.augmentation.mixup > 0 ? { mixed } : {}),
          },
          0.01,
        );
        expect(loss).toBeGreaterThan(0);
        await trainer.dispose();
      }
    }
  });
});
