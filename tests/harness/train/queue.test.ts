import { describe, expect, it } from 'vitest';
import { canvasPool } from '../../../harness/data/batches/canvas-pool.js';
import { loadDataset } from '../../../harness/data/registry.js';
import type { Trainer } from '../../../harness/engines/engine.js';
import { recipeSchema } from '../../../harness/recipe/recipe.js';
import { evaluatePredictor } from '../../../harness/train/evaluate.js';
import { initialWeights } from '../../../harness/train/initialise.js';
import { phaseClock } from '../../../harness/train/phase-clock.js';
import { trainEpoch } from '../../../harness/train/train-epoch.js';
import { tinyNetwork } from '../../support/tiny-network.js';
import { torchEngineIsMissing, torchOnCpu } from '../../support/torch-engine.js';

const SIZE = 12;
const BATCH = 20;
const STEPS = 6;
const graph = tinyNetwork();
const weights = initialWeights(graph, 1);
const missing = torchEngineIsMissing;

/** As many steps, and runs, as are asked for before the last is done. */
const watched = () => {
  let [underWay, most] = [0, 0];
  const counted = async <T>(work: Promise<T>): Promise<T> => {
    underWay += 1;
    most = Math.max(most, underWay);
    return work.finally(() => {
      underWay -= 1;
    });
  };
  return { counted, most: () => most };
};

describe.skipIf(missing)(`an engine that queues${missing ? ` (${missing})` : ''}`, () => {
  it('trains as one that is waited for after every step, one step ahead', async () => {
    const dataset = await loadDataset('synthetic');
    const recipe = recipeSchema.parse({ epochs: 1, batch: BATCH, learningRate: 0.05, emaDecay: 0.9 });
    const epoch = async (withQueue: boolean) => {
      const { queues, ...trainer } = await torchOnCpu.createTrainer(graph, weights, {
        batch: BATCH,
        threads: 1,
        recipe,
      });
      expect(queues).toBe(true);
      const { counted, most } = watched();
      const watching: Trainer = {
        ...trainer,
        ...(withQueue ? { queues: true } : {}),
        step: (batch, rate) => counted(trainer.step(batch, rate)),
      };
      const options = { dataset, size: SIZE, trainImages: BATCH * STEPS, recipe, seed: 3 };
      const shared = { canvases: canvasPool(), clock: phaseClock() };
      const { trainLoss, learningRate } = await trainEpoch(watching, { ...options, ...shared }, 1, STEPS);
      const checkpoint = await trainer.checkpoint();
      await trainer.dispose();
      return { most: most(), result: { trainLoss, learningRate, checkpoint } };
    };
    const [queued, awaited] = [await epoch(true), await epoch(false)];
    expect([queued.most, awaited.most]).toEqual([2, 1]);
    expect(queued.result).toEqual(awaited.result);
    expect(queued.result.checkpoint.steps).toBe(STEPS);
  });

  it('is evaluated as one that is waited for after every batch', async () => {
    const dataset = await loadDataset('synthetic');
    const { queues, ...predictor } = await torchOnCpu.createPredictor(graph, weights, {
      batch: BATCH,
      threads: 1,
    });
    expect(queues).toBe(true);
    const evaluation = async (withQueue: boolean) => {
      const { counted, most } = watched();
      const run = (images: Float32Array) => counted(predictor.run(images));
      const watching = { ...predictor, run, ...(withQueue ? { queues: true as const } : {}) };
      const options = { dataset, split: 'validation', size: SIZE, batch: BATCH } as const;
      return { result: await evaluatePredictor(watching, 10, options), most: most() };
    };
    const [queued, awaited] = [await evaluation(true), await evaluation(false)];
    expect([queued.most, awaited.most]).toEqual([2, 1]);
    expect(queued.result).toEqual(awaited.result);
    await predictor.dispose();
  });
});
