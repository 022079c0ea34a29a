import { beforeAll, describe, expect, it } from 'vitest';
import type { Batch } from '../../../harness/data/batches/batch.js';
import { trainBatches } from '../../../harness/data/batches/batches.js';
import type { Dataset } from '../../../harness/data/dataset.js';
import { loadDataset } from '../../../harness/data/registry.js';
import type { Engine } from '../../../harness/engines/engine.js';
import { onnxruntime } from '../../../harness/engines/onnx/engine.js';
import { type RecipeInput, recipeSchema } from '../../../harness/recipe/recipe.js';
import { learningRateAt } from '../../../harness/recipe/schedule.js';
import { deployForm } from '../../../harness/rewrite/deploy.js';
import { decodeTraining, encodeTraining } from '../../../harness/train/checkpoint.js';
import { evaluate } from '../../../harness/train/evaluate.js';
import { initialWeights } from '../../../harness/train/initialise.js';
import { TrainingFailure } from '../../../harness/train/train-epoch.js';
import {
  type Epoch,
  type Trained,
  type Training,
  trainNetwork,
} from '../../../harness/train/train-network.js';
import { randomWeights } from '../../support/random.js';
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
          // Its canvas is painted again for a later batch.
          steps.push({ batch: { ...batch, images: batch.images.slice() }, rate });
          return trainer.step(batch, rate);
        },
      };
    },
  };
  return { engine, steps };
};

const EVERYTHING: Partial<RecipeInput> = {
  epochs: 6,
  optimizer: { kind: 'adamw' },
  learningRate: 0.02,
  weightDecay: 0.01,
  warmupEpochs: 0.5,
  schedule: { kind: 'step', milestones: [4], factor: 0.2 },
  clipNorm: 1,
  emaDecay: 0.9,
  labelSmoothing: 0.1,
  augmentation: { flip: false, shift: 1, erase: 0.2, mixup: 0.2 },
};

/** What is the same whenever it is trained. */
const repeatable = ({ weights, epochs }: Trained) => ({
  weights,
  epochs: epochs.map(({ seconds, ...epoch }) => epoch),
});

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
      trained.push(repeatable(await trainNetwork(training({ epochs: 2 }, { seed, trainImages: 100 }))));
    }
    const [first, again, other] = trained;
    expect(again).toEqual(first);
    expect(other?.weights).not.toEqual(first?.weights);
    expect(other?.epochs[0]?.trainLoss).not.toBe(first?.epochs[0]?.trainLoss);
  });

  it('learns with everything that a recipe can ask for, and is repeatable then too', async () => {
    const first = await trainNetwork(training(EVERYTHING));
    expect(first.epochs.at(-1)?.validationTop1).toBeGreaterThan(0.9);
    expect(repeatable(await trainNetwork(training(EVERYTHING)))).toEqual(repeatable(first));
  });

  it.each([
    ['the default recipe', { epochs: 3 }],
    ['everything', { ...EVERYTHING, epochs: 3, schedule: { kind: 'step', milestones: [2] } }],
  ] as const)(
    'stopped after any epoch goes on bit for bit as if it had not been: %s',
    async (_name, recipe) => {
      const states: Uint8Array[] = [];
      const whole = await trainNetwork(
        training(recipe, {
          seed: 4,
          onState: async (state) => void states.push(encodeTraining('key', state)),
        }),
      );
      expect(states).toHaveLength(3);
      for (const [index, bytes] of states.entries()) {
        const decoded = decodeTraining('key', bytes);
        if (decoded.state !== 'whole') throw new Error(decoded.reason);
        const { training: from } = decoded;
        expect(from.epochs).toEqual(whole.epochs.slice(0, index + 1));
        const progress: number[] = [];
        const graph = tinyNetwork();
        const resumed = await trainNetwork(
          training(recipe, {
            seed: 4,
            from,
            weights: randomWeights(graph, 9),
            onStep: (done) => progress.push(done),
          }),
        );
        expect(repeatable(resumed)).toEqual(repeatable(whole));
        expect(progress.length).toBe((2 - index) * (IMAGES / 20));
      }
    },
  );

  it('evaluates and gives the moving average where the recipe has one', async () => {
    const recipe = { epochs: 2, emaDecay: 0.9, augmentation: { flip: false, shift: 0 } };
    const [averaged, plain] = [
      await trainNetwork(training(recipe)),
      await trainNetwork(training({ ...recipe, emaDecay: 0 })),
    ];
    expect(averaged.epochs.map(({ trainLoss }) => trainLoss)).toEqual(
      plain.epochs.map(({ trainLoss }) => trainLoss),
    );
    expect(averaged.epochs[0]?.validationLoss).not.toBe(plain.epochs[0]?.validationLoss);
    const graph = tinyNetwork();
    const deployed = deployForm(graph);
    const { loss } = await evaluate(onnxruntime, deployed.graph, deployed.convert(averaged.weights), {
      dataset,
      split: 'validation',
      size: SIZE,
      threads: 1,
      batch: 20,
    });
    expect(averaged.epochs.at(-1)?.validationLoss).toBe(loss);
  });

  it('is refused by an engine that lacks what the recipe asks for, before it begins', async () => {
    const engine: Engine = { ...onnxruntime, lacks: ['mixup'] };
    const given = training({ augmentation: { mixup: 0.2 } }, { engine });
    expect(await refusalOf(() => trainNetwork(given))).toMatch(
      /uses mixup, which the engine onnxruntime does not support/,
    );
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
      "The recipe's batch of 64 is larger than the 63 training images. Use a smaller batch or more images.",
    );
  });
});
