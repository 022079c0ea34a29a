import { beforeAll, describe, expect, it } from 'vitest';
import { trainBatches } from '../../../harness/data/batches.js';
import type { Batch, Dataset } from '../../../harness/data/dataset.js';
import { loadDataset } from '../../../harness/data/registry.js';
import type { Engine } from '../../../harness/engines/engine.js';
import { onnxruntime } from '../../../harness/engines/onnx/engine.js';
import { initialWeights } from '../../../harness/train/initialise.js';
import { type Epoch, type Training, TrainingFailure, trainNetwork } from '../../../harness/train/loop.js';
import { type RecipeInput, recipeSchema } from '../../../harness/train/recipe.js';
import { learningRateAt } from '../../../harness/train/schedule.js';
import { refusalOf } from '../../support/refusal.js';
import { tinyNetwork } from '../../support/tiny-network.js';

let dataset: Dataset;
beforeAll(async () => {
  dataset = await loadDataset('synthetic');
});

const SIZE = 12;
const IMAGES = 560;

const training = (
  recipe: Partial<RecipeInput> = {},
  { graph = tinyNetwork(), seed = 0, ...rest }: Partial<Training> = {},
): Training => ({
  engine: onnxruntime,
  graph,
  weights: initialWeights(graph, seed),
  dataset,
  size: SIZE,
  recipe: recipeSchema.parse({
    epochs: 1,
    batch: 20,
    learningRate: 0.05,
    augmentation: { flip: false, shift: 1 },
    ...recipe,
  }),
  seed,
  threads: 1,
  ...rest,
});

/** onnxruntime, with every batch and learning rate that its trainers were given. */
const recorded = (): {
  readonly engine: Engine;
  readonly steps: { readonly batch: Batch; readonly rate: number }[];
} => {
  const steps: { readonly batch: Batch; readonly rate: number }[] = [];
  const engine: Engine = {
    ...onnxruntime,
    createTrainer: async (...given) => {
      const trainer = await onnxruntime.createTrainer(...given);
      return {
        ...trainer,
        step: (batch, rate) => {
          steps.push({ batch, rate });
          return trainer.step(batch, rate);
        },
      };
    },
  };
  return { engine, steps };
};

describe('training', () => {
  it('learns the synthetic data set in a few epochs, and tells how it goes', async () => {
    const told: Epoch[] = [];
    const progress: (readonly number[])[] = [];
    const given = training(
      { epochs: 4 },
      { onEpoch: (epoch) => told.push(epoch), onStep: (...step) => progress.push(step) },
    );
    const { epochs, imagesPerSecond, weights } = await trainNetwork(given);
    expect(epochs.at(-1)?.validationTop1).toBeGreaterThan(0.9);
    expect(epochs.at(-1)?.trainLoss).toBeLessThan(epochs[0]?.trainLoss ?? 0);
    expect(told).toEqual(epochs);
    expect(epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4]);
    const steps = IMAGES / 20;
    expect(progress).toEqual(Array.from({ length: 4 * steps }, (_, i) => [i + 1, 4 * steps]));
    expect(imagesPerSecond).toBeCloseTo(
      (4 * IMAGES) / epochs.reduce((sum, { seconds }) => sum + seconds, 0),
      6,
    );
    expect([...weights.keys()].toSorted()).toEqual([...given.weights.keys()].toSorted());
  });

  it('shows every candidate the same images at the same learning rates', async () => {
    const seen = [];
    for (const block of ['inverted-residual(expansion=2)', 'fasternet']) {
      const { engine, steps } = recorded();
      await trainNetwork(
        training({ epochs: 2, batch: 56, warmupEpochs: 1 }, { engine, graph: tinyNetwork(block), seed: 3 }),
      );
      seen.push(steps);
    }
    const { recipe } = training({ epochs: 2, batch: 56, warmupEpochs: 1 });
    const { augmentation } = recipe;
    const expected = await Promise.all(
      [1, 2].flatMap((epoch) => [
        ...trainBatches(dataset, { seed: 3, epoch, batch: 56, size: SIZE, augmentation }),
      ]),
    );
    for (const steps of seen) {
      expect(steps.map(({ batch }) => batch)).toEqual(expected);
      expect(steps.map(({ rate }) => rate)).toEqual(
        expected.map((_, step) => learningRateAt(step, 10, recipe)),
      );
    }
  });

  it('gives bit for bit the same weights and history for the same seed, and others for another', async () => {
    const trained = [];
    for (const seed of [1, 1, 2]) {
      const { weights, epochs } = await trainNetwork(training({ epochs: 2 }, { seed, trainImages: 100 }));
      trained.push({ weights, epochs: epochs.map(({ seconds, ...epoch }) => epoch) });
    }
    const [first, again, other] = trained;
    expect(again).toEqual(first);
    expect(other?.weights).not.toEqual(first?.weights);
    expect(other?.epochs[0]?.trainLoss).not.toBe(first?.epochs[0]?.trainLoss);
  });

  it('that diverges fails, and says in which epoch and step', async () => {
    const failure = trainNetwork(training({ learningRate: 1e6, epochs: 2 }));
    await expect(failure).rejects.toThrow(TrainingFailure);
    await expect(failure).rejects.toThrow(
      /^The loss became (NaN|-?Infinity) in epoch 1, step \d+ of 28, at learning rate .*lower learning rate/,
    );
  });

  it('that diverges in its very last step fails too', async () => {
    const failure = trainNetwork(training({ learningRate: 1e30, batch: IMAGES }));
    await expect(failure).rejects.toThrow(TrainingFailure);
    await expect(failure).rejects.toThrow(/^The validation loss became (NaN|Infinity) after epoch 1/);
  });

  it('with a batch larger than the data is refused', async () => {
    const refusal = await refusalOf(() => trainNetwork(training({ batch: 64 }, { trainImages: 63 })));
    expect(refusal).toBe(
      "The recipe's batch of 64 is larger than the 63 training images. Give a smaller batch or more images.",
    );
  });
});
