/** Every rule of a step beyond the gradients, against float64 formulas and against PyTorch. */
import { describe, expect, it } from 'vitest';
import type { Batch } from '../../../harness/data/batches/batch.js';
import type { Engine } from '../../../harness/engines/engine.js';
import { GraphBuilder } from '../../../harness/graph/build/builder.js';
import type { Graph } from '../../../harness/graph/graph.js';
import { graphParameters, type Weights } from '../../../harness/graph/parameters.js';
import type { StepRecipe, StepRecipeInput } from '../../../harness/recipe/recipe.js';
import { AVAILABLE_ENGINES } from '../../support/engines.js';
import { pythonIsMissing, runPython } from '../../support/python.js';
import { randomValues, randomWeights, seededRandom } from '../../support/random.js';
import { stepRecipe } from '../../support/recipe.js';
import { relativeDifference } from '../../support/reference.js';
import { type Regression, referenceTrainer } from '../../support/reference-training.js';
import { tinyNetwork } from '../../support/tiny-network.js';

const BATCH = 6;
const CLASSES = 3;
const STEPS = 12;
const SIDE = 3;

const g = GraphBuilder.create();
const regression = g.finish(g.dense('fc', g.flatten('flatten', g.input([1, SIDE, SIDE])), CLASSES));
const WEIGHTS = randomWeights(regression, 3);

const plainSgd = { kind: 'sgd', momentum: 0, nesterov: false } as const;

const RECIPES: Readonly<Record<string, StepRecipeInput>> = {
  'plain SGD': { optimizer: plainSgd, weightDecay: 0 },
  'SGD with weight decay': { optimizer: plainSgd, weightDecay: 0.1 },
  'SGD with momentum': { optimizer: { kind: 'sgd', nesterov: false }, weightDecay: 0.05 },
  'SGD with Nesterov momentum': { optimizer: { kind: 'sgd', momentum: 0.8 }, weightDecay: 0.05 },
  AdamW: { optimizer: { kind: 'adamw' }, weightDecay: 0 },
  'AdamW with decoupled decay and other constants': {
    optimizer: { kind: 'adamw', beta1: 0.7, beta2: 0.9, epsilon: 1e-3 },
    weightDecay: 0.3,
  },
  'SGD, some gradients clipped': { clipNorm: 0.2 },
  'SGD, all gradients clipped': { clipNorm: 0.01, weightDecay: 0.1 },
  'AdamW, gradients clipped': { optimizer: { kind: 'adamw' }, clipNorm: 0.05, weightDecay: 0.1 },
  'label smoothing': { labelSmoothing: 0.2 },
};

/** The same images, another order of rates and batches, for every rule. */
const steps = (mixed: boolean): readonly { readonly batch: Batch; readonly rate: number }[] =>
  Array.from({ length: STEPS }, (_, step) => {
    const random = seededRandom(100 + step);
    const labels = () => Int32Array.from({ length: BATCH }, () => Math.floor(CLASSES * random()));
    const batch: Batch = {
      images: randomValues(BATCH * SIDE * SIDE, step, 2),
      labels: labels(),
      count: BATCH,
      ...(mixed ? { mixed: { labels: labels(), shares: Float32Array.from({ length: BATCH }, random) } } : {}),
    };
    return { batch, rate: 0.05 + 0.1 * random() };
  });

/** Those that do all of it. */
const ENGINES = AVAILABLE_ENGINES.filter(({ lacks = [] }) => !lacks.includes('AdamW'));

const trainerOf = (engine: Engine, graph: Graph, weights: Weights, recipe: StepRecipe, batch: number) =>
  engine.createTrainer(graph, weights, { batch, threads: 1, recipe });

const regressionOf = (weights: Weights): Regression => ({
  weights: [...(weights.get('fc.weight') ?? [])],
  biases: [...(weights.get('fc.bias') ?? [])],
});

/** Loss, weights and biases of every step. */
const trained = async (engine: Engine, recipe: StepRecipe, mixed: boolean) => {
  const trainer = await trainerOf(engine, regression, WEIGHTS, recipe, BATCH);
  const results = [];
  for (const { batch, rate } of steps(mixed)) {
    const { loss } = await trainer.step(batch, rate);
    results.push({ loss, regression: regressionOf(await trainer.weights()) });
  }
  await trainer.dispose();
  return results;
};

const flat = ({ weights, biases }: Regression): readonly number[] => [...weights, ...biases];

describe.each(ENGINES)('a step of training by $id', (engine) => {
  it.each([
    ...Object.entries(RECIPES).map(([name, recipe]) => ({ name, recipe, mixed: false })),
    { name: 'mixup', recipe: { augmentation: { mixup: 0.4 } }, mixed: true },
    {
      name: 'mixup with label smoothing',
      recipe: { augmentation: { mixup: 1 }, labelSmoothing: 0.1 },
      mixed: true,
    },
  ])('$name: equals the formulas in float64, step by step', async ({ recipe: changes, mixed }) => {
    const recipe = stepRecipe(changes);
    const reference = referenceTrainer(regressionOf(WEIGHTS), recipe);
    const results = await trained(engine, recipe, mixed);
    steps(mixed).forEach(({ batch, rate }, i) => {
      const expected = reference.step(batch, rate);
      const result = results[i];
      expect(result?.loss).toBeCloseTo(expected.loss, 4);
      expect(
        relativeDifference(flat(result?.regression ?? expected.regression), flat(expected.regression)),
      ).toBeLessThan(1e-4);
    });
    expect(results).toHaveLength(STEPS);
  });

  it('with a norm that no gradient reaches is bit for bit the one without clipping', async () => {
    expect(await trained(engine, stepRecipe({ clipNorm: 1e6 }), false)).toEqual(
      await trained(engine, stepRecipe(), false),
    );
  });

  it.each(['sgd', 'adamw'] as const)('decays kernels alone: %s', async (kind) => {
    const graph = tinyNetwork();
    const weights = randomWeights(graph, 1);
    const batch = { images: randomValues(4 * 144, 2), labels: Int32Array.of(0, 1, 2, 3), count: 4 };
    const [rate, decay] = [0.25, 0.5];
    const stepped = async (weightDecay: number) => {
      const optimizer = kind === 'sgd' ? plainSgd : { kind };
      const trainer = await trainerOf(engine, graph, weights, stepRecipe({ optimizer, weightDecay }), 4);
      await trainer.step(batch, rate);
      const result = await trainer.weights();
      await trainer.dispose();
      return result;
    };
    const [plain, decayed] = [await stepped(0), await stepped(decay)];
    for (const { path, role } of graphParameters(graph)) {
      if (role !== 'kernel') {
        expect(decayed.get(path), path).toEqual(plain.get(path));
        continue;
      }
      const expected = (plain.get(path) ?? new Float32Array()).map(
        (value, i) => value - rate * decay * (weights.get(path)?.[i] ?? Number.NaN),
      );
      expect(relativeDifference(decayed.get(path) ?? [], expected), path).toBeLessThan(1e-5);
    }
  });

  it('refuses a batch of another size, or mixed otherwise than the recipe says', async () => {
    const plain = await trainerOf(engine, regression, WEIGHTS, stepRecipe(), BATCH);
    const mixing = await trainerOf(
      engine,
      regression,
      WEIGHTS,
      stepRecipe({ augmentation: { mixup: 1 } }),
      BATCH,
    );
    const [pure] = steps(false);
    const [mixed] = steps(true);
    if (!pure || !mixed) throw new RangeError('There are no steps.');
    await expect(plain.step({ ...pure.batch, count: 5 }, 0.1)).rejects.toThrow(/takes 6 images and got 5/);
    await expect(plain.step(mixed.batch, 0.1)).rejects.toThrow(/mixup of 0 and the batch is mixed/);
    await expect(mixing.step(pure.batch, 0.1)).rejects.toThrow(/mixup of 1 and the batch is not mixed/);
    await Promise.all([plain.dispose(), mixing.dispose()]);
  });
});

describe.each(ENGINES)('a moving average of weights by $id', (engine) => {
  it('follows weights and running statistics, is what a trainer gives, and does not touch training', async () => {
    const graph = tinyNetwork();
    const weights = randomWeights(graph, 5);
    const decay = 0.6;
    const plain = await trainerOf(engine, graph, weights, stepRecipe(), 4);
    const averaging = await trainerOf(engine, graph, weights, stepRecipe({ emaDecay: decay }), 4);
    const mean = new Map([...weights].map(([path, values]) => [path, Float64Array.from(values)]));
    expect(await averaging.weights()).toEqual(weights);
    for (let step = 1; step <= 12; step += 1) {
      const batch = { images: randomValues(4 * 144, step), labels: Int32Array.of(0, 1, 2, 3), count: 4 };
      const [{ loss }, averaged] = [await plain.step(batch, 0.01), await averaging.step(batch, 0.01)];
      expect(averaged.loss).toBe(loss);
      const kept = Math.min(decay, (1 + step) / (10 + step));
      const [latest, given] = [await plain.weights(), await averaging.weights()];
      for (const [path, values] of mean) {
        values.forEach((value, i) => {
          values[i] = kept * value + (1 - kept) * (latest.get(path)?.[i] ?? Number.NaN);
        });
        expect(relativeDifference(given.get(path) ?? [], values), path).toBeLessThan(1e-5);
      }
      expect(given).not.toEqual(latest);
    }
    await Promise.all([plain.dispose(), averaging.dispose()]);
  });
});

/** Takes the steps with PyTorch's own optimisers, loss and clipping; kernels decay and biases do not. */
const PYTORCH = `
import json, sys
import torch
from torch import nn
job = json.load(sys.stdin)
torch.set_num_threads(1)
for recipe in job["recipes"]:
    layer = nn.Linear(len(job["weights"][0]), len(job["biases"]))
    with torch.no_grad():
        layer.weight.copy_(torch.tensor(job["weights"]))
        layer.bias.copy_(torch.tensor(job["biases"]))
    groups = [
        {"params": [layer.weight], "weight_decay": recipe["weightDecay"]},
        {"params": [layer.bias], "weight_decay": 0},
    ]
    settings = recipe["optimizer"]
    if settings["kind"] == "sgd":
        optimizer = torch.optim.SGD(groups, 1, momentum=settings["momentum"], nesterov=settings["nesterov"])
    else:
        betas = (settings["beta1"], settings["beta2"])
        optimizer = torch.optim.AdamW(groups, 1, betas=betas, eps=settings["epsilon"])
    loss = nn.CrossEntropyLoss(label_smoothing=recipe["labelSmoothing"])
    for step in job["steps"]:
        for group in optimizer.param_groups:
            group["lr"] = step["rate"]
        optimizer.zero_grad()
        loss(layer(torch.tensor(step["images"])), torch.tensor(step["labels"])).backward()
        if recipe["clipNorm"] is not None:
            nn.utils.clip_grad_norm_(layer.parameters(), recipe["clipNorm"])
        optimizer.step()
    print(json.dumps(layer.weight.flatten().tolist() + layer.bias.tolist()))
`;

const missing = pythonIsMissing('torch');

describe.each(ENGINES)('training by the same recipe with $id and with PyTorch itself', (engine) => {
  it.skipIf(missing)(`ends at the same weights${missing ? ` (${missing})` : ''}`, async () => {
    const recipes = Object.entries(RECIPES).map(([name, changes]) => ({ name, ...stepRecipe(changes) }));
    const rows = (values: ArrayLike<number>, length: number) =>
      Array.from({ length: values.length / length }, (_, row) =>
        Array.from({ length }, (_, i) => values[row * length + i]),
      );
    const { weights, biases } = regressionOf(WEIGHTS);
    const job = {
      recipes,
      weights: rows(weights, SIDE * SIDE),
      biases,
      steps: steps(false).map(({ batch, rate }) => ({
        rate,
        images: rows(batch.images, SIDE * SIDE),
        labels: [...batch.labels],
      })),
    };
    const lines = runPython(PYTORCH, Buffer.from(JSON.stringify(job)))
      .trim()
      .split('\n');
    expect(lines).toHaveLength(recipes.length);
    for (const [i, recipe] of recipes.entries()) {
      const ours = (await trained(engine, recipe, false)).at(-1)?.regression;
      const theirs: number[] = JSON.parse(lines[i] ?? '[]');
      expect(relativeDifference(flat(ours ?? { weights: [], biases: [] }), theirs), recipe.name).toBeLessThan(
        1e-4,
      );
    }
  });
});
