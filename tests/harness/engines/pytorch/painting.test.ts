/** Images that PyTorch paints, against those that every other engine is fed. */
import { statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, vi } from 'vitest';
import type { Batch, UnpaintedBatch } from '../../../../harness/data/batches/batch.js';
import {
  evaluationBatches,
  trainBatches,
  unpaintedEvaluationBatches,
  unpaintedTrainBatches,
} from '../../../../harness/data/batches/batches.js';
import type { Dataset } from '../../../../harness/data/dataset.js';
import { loadImageFolder } from '../../../../harness/data/folder/image-folder.js';
import { writePrepared } from '../../../../harness/data/prepared/write.js';
import { loadDataset } from '../../../../harness/data/registry.js';
import type { Engine, Predictor } from '../../../../harness/engines/engine.js';
import { createTorchPredictor } from '../../../../harness/engines/pytorch/predictor.js';
import { createTorchTrainer } from '../../../../harness/engines/pytorch/trainer.js';
import { GraphBuilder } from '../../../../harness/graph/build/builder.js';
import { randomStream } from '../../../../harness/random.js';
import { type RecipeInput, recipeSchema } from '../../../../harness/recipe/recipe.js';
import { initialWeights } from '../../../../harness/train/initialise.js';
import { type Trained, trainNetwork } from '../../../../harness/train/train-network.js';
import { it as inFolder } from '../../../support/folder.js';
import { writeImages } from '../../../support/image-folder.js';
import { augmentation, randomDataset } from '../../../support/marked-images.js';
import { stepRecipe } from '../../../support/recipe.js';
import { relativeDifference } from '../../../support/reference.js';
import { tinyNetwork } from '../../../support/tiny-network.js';
import { torchEngineIsMissing, torchOnCpu } from '../../../support/torch-engine.js';

const CLASSES = ['ant', 'bee', 'cat'];

/** A folder of noise in sizes of their own. */
const it = inFolder.extend<{ photos: string }>({
  photos: async ({ folder }, use) => {
    vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
    const photos = join(folder, 'photos');
    const noise = (seed: number) => {
      const stream = randomStream(seed);
      const [width, height] = [stream.integer(9, 70), stream.integer(9, 70)];
      const bytes = Uint8Array.from({ length: 3 * width * height }, () => stream.integer(0, 255));
      return sharp(bytes, { raw: { width, height, channels: 3 } });
    };
    const paths = ['train', 'val'].flatMap((part) =>
      CLASSES.flatMap((name) => [0, 1, 2, 3, 4].map((i) => `${part}/${name}/${i}.png`)),
    );
    await writeImages(photos, Object.fromEntries(paths.map((path, seed) => [path, noise(seed)])));
    await use(photos);
  },
});

const BATCH = 4;

/** As on a GPU; on a CPU the harness paints. */
const PLACE = { device: 'cpu', paints: true };

/** Shows the images that it is given. */
const looker = (channels: number, size: number): Promise<Predictor> => {
  const g = GraphBuilder.create();
  const graph = g.finish(g.times('as-it-is', g.input([channels, size, size]), 1));
  return createTorchPredictor(graph, new Map(), { batch: BATCH, threads: 1 }, PLACE);
};

/** Sums of at most a dozen products of bytes and weights, in another order, in units of the deviation. */
const ROUNDING = 2e-6;

const expectSame = (actual: Float32Array | undefined, expected: Float32Array): void => {
  expect(actual).toHaveLength(expected.length);
  const largest = expected.reduce(
    (most, value, i) => Math.max(most, Math.abs(value - (actual?.[i] ?? Number.NaN))),
    0,
  );
  expect(largest).toBeLessThan(ROUNDING);
};

const FEATURES: Readonly<Record<string, RecipeInput['augmentation']>> = {
  nothing: { flip: false, shift: 0 },
  flips: { flip: true, shift: 0 },
  shifts: { flip: false, shift: 5 },
  erasing: { flip: false, shift: 0, erase: 0.7 },
  mixup: { flip: false, shift: 0, mixup: 0.8 },
  'all of them': { flip: true, shift: 9, erase: 0.5, mixup: 0.4 },
};

const expectSameEpoch = async (dataset: Dataset, size: number, features: RecipeInput['augmentation']) => {
  const options = {
    ...{ seed: 3, epoch: 2, batch: BATCH, size },
    augmentation: augmentation(features),
  };
  await expectSameBatches(
    { channels: dataset.channels, size },
    await Promise.all(unpaintedTrainBatches(dataset, options)),
    await Promise.all(trainBatches(dataset, options)),
  );
};

const expectSameBatches = async (
  { channels, size }: { readonly channels: number; readonly size: number },
  unpainted: readonly UnpaintedBatch[],
  painted: readonly Batch[],
): Promise<void> => {
  const predictor = await looker(channels, size);
  expect(unpainted).toHaveLength(painted.length);
  for (const [i, { images, ...rest }] of painted.entries()) {
    const batch = unpainted[i];
    expect(batch).toMatchObject(rest);
    const values = (images.length / BATCH) * rest.count;
    const shown = batch && (await predictor.runUnpainted?.(batch.images));
    expectSame(shown?.subarray(0, values), images.subarray(0, values));
  }
  await predictor.dispose();
};

const missing = torchEngineIsMissing;

describe.skipIf(missing)(`images that PyTorch paints${missing ? ` (${missing})` : ''}`, () => {
  it.for(Object.keys(FEATURES))('are those of other engines: %s', async (name, { photos }) => {
    const features = FEATURES[name];
    await expectSameEpoch(randomDataset([3, 10, 7], 22, 9, 1), 12, features);
    await expectSameEpoch(randomDataset([1, 28, 28], 22, 9, 1), 16, features);
    for (const crop of ['shift', 'random-resized'] as const) {
      await expectSameEpoch(await loadImageFolder(photos), 24, { ...features, crop });
    }
  });

  it('are those of other engines in evaluation and from a prepared folder, the last batch filled up', async ({
    photos,
  }) => {
    await writePrepared(photos, `${photos}-16`, { shortSide: 16 });
    for (const dataset of [randomDataset([3, 10, 7], 6, 9, 1), await loadImageFolder(`${photos}-16`)]) {
      const options = { batch: BATCH, size: 14 };
      await expectSameBatches(
        { channels: 3, size: 14 },
        await Promise.all(unpaintedEvaluationBatches(dataset, 'test', options)),
        await Promise.all(evaluationBatches(dataset, 'test', options)),
      );
    }
  });

  it('are those of other engines where the process maps their file', async ({ photos }) => {
    await writePrepared(photos, `${photos}-16`, { shortSide: 16 });
    const dataset = await loadImageFolder(`${photos}-16`);
    for (const crop of ['shift', 'random-resized'] as const) {
      const options = {
        ...{ seed: 3, epoch: 2, batch: BATCH, size: 14 },
        augmentation: augmentation({ crop }),
      };
      const [batch] = await Promise.all(unpaintedTrainBatches(dataset, options));
      expect(batch?.images.pixels).toMatchObject({
        kind: 'located',
        place: { file: `${photos}-16/train.rgb` },
      });
      await expectSameEpoch(dataset, 14, { ...FEATURES['all of them'], crop });
    }
  });

  it('are not read from a file that has become shorter meanwhile, and the process goes on', async ({
    photos,
  }) => {
    await writePrepared(photos, `${photos}-16`, { shortSide: 16 });
    const dataset = await loadImageFolder(`${photos}-16`);
    const options = { batch: BATCH, size: 14 };
    const predictor = await looker(3, 14);
    const batches = await Promise.all(unpaintedEvaluationBatches(dataset, 'test', options));
    const run = (batch: UnpaintedBatch | undefined) => batch && predictor.runUnpainted?.(batch.images);
    const shown = await run(batches[0]);
    truncateSync(`${photos}-16/test.rgb`, Math.floor(statSync(`${photos}-16/test.rgb`).size / 2));
    await expect(run(batches.at(-1))).rejects.toThrow(/test\.rgb has become shorter/);
    expect(await run(batches[0])).toEqual(shown);
    await predictor.dispose();
  });

  it('are trained on as painted ones are', async () => {
    const dataset = randomDataset([1, 9, 9], 22, 9, 1);
    const recipe = stepRecipe({ augmentation: FEATURES['all of them'] });
    const options = { seed: 3, epoch: 2, batch: BATCH, size: 12, augmentation: recipe.augmentation };
    const batches = await Promise.all(trainBatches(dataset, options));
    const unpainted = await Promise.all(unpaintedTrainBatches(dataset, options));
    const graph = tinyNetwork();
    const make = () =>
      createTorchTrainer(graph, initialWeights(graph, 1), { batch: BATCH, threads: 1, recipe }, PLACE);
    const [one, other] = [await make(), await make()];
    for (const [i, batch] of batches.entries()) {
      const same = unpainted[i];
      const loss = same && (await other.stepUnpainted?.(same, 0.1))?.loss;
      expect(relativeDifference([loss ?? Number.NaN], [(await one.step(batch, 0.1)).loss])).toBeLessThan(
        1e-4,
      );
    }
    await Promise.all([one.dispose(), other.dispose()]);
  });

  it('make a whole training and its evaluations those of painted ones', async () => {
    const paints: Engine = {
      ...torchOnCpu,
      createTrainer: (...given) => createTorchTrainer(...given, PLACE),
      createPredictor: (...given) => createTorchPredictor(...given, PLACE),
    };
    const dataset = await loadDataset('synthetic');
    const graph = tinyNetwork();
    const recipe = recipeSchema.parse({ epochs: 1, batch: 16, learningRate: 0.05 });
    const training = { graph, weights: initialWeights(graph, 0), dataset, size: 12, trainImages: 64, recipe };
    const [one, other] = [
      await trainNetwork({ engine: torchOnCpu, ...training, seed: 0, threads: 1 }),
      await trainNetwork({ engine: paints, ...training, seed: 0, threads: 1 }),
    ];
    const losses = ({ epochs }: Trained) =>
      epochs.flatMap((epoch) => [epoch.trainLoss, epoch.validationLoss]);
    expect(relativeDifference(losses(other), losses(one))).toBeLessThan(1e-4);
  });
});
