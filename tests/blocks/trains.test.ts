/** Every registered operator, in Meta Light, and every block takes a step of training in a LightNet of two stages. */
import { describe, expect, it } from 'vitest';
import { buildNetwork } from '../../blocks/build.js';
import { REGISTRY } from '../../blocks/registry.js';
import { onnxruntime } from '../../harness/engines/onnx/engine.js';
import type { Graph } from '../../harness/graph/graph.js';
import { graphParameters } from '../../harness/graph/parameters.js';
import { initialWeights } from '../../harness/train/initialise.js';
import { randomValues } from '../support/random.js';
import { stepRecipe } from '../support/recipe.js';

const BLOCKS: readonly string[] = [
  ...REGISTRY.spatial.map(({ id }) => `meta-light(spatial=${id})`),
  ...REGISTRY.channel.map(({ id }) => `meta-light(expand=${id},project=${id})`),
  ...REGISTRY.block.map(({ id }) => id),
];

const BATCH = 4;
const CLASSES = 10;

/** SiLU has no flat part, in which a gradient could be zero by chance. */
const lightnet = (block: string): Graph =>
  buildNetwork(
    {
      id: 'lightnet',
      set: { preset: 'small', depths: [1, 1], widths: [8, 16], headWidth: 16, activation: 'silu', block },
    },
    { input: [1, 16, 16], classes: CLASSES },
  );

/**
 * Kernels with more than one weight per output channel. The batch norm after a convolution takes away the scale of each channel, and
 * so the gradient of a weight that is its channel's only one, and shifts and scales that come before.
 */
const kernels = (graph: Graph): readonly string[] =>
  graphParameters(graph)
    .filter(({ role, shape: [outputs = 0], size }) => role === 'kernel' && size > outputs)
    .map(({ path }) => path);

describe('one step of training', () => {
  it.each(BLOCKS)('%s: a finite loss, and a gradient for every weight of every kernel', async (block) => {
    const graph = lightnet(block);
    const before = initialWeights(graph, 1);
    const trainer = await onnxruntime.createTrainer(graph, before, {
      batch: BATCH,
      threads: 1,
      recipe: stepRecipe({ optimizer: { kind: 'sgd', momentum: 0, nesterov: false }, weightDecay: 0 }),
    });
    const images = randomValues(BATCH * 16 * 16, 2);
    const { loss } = await trainer.step({ images, labels: Int32Array.of(0, 3, 5, 9), count: BATCH }, 1);
    const after = await trainer.weights();
    await trainer.dispose();
    expect(loss).toBeGreaterThan(0);
    expect(loss).toBeLessThan(3 * Math.log(CLASSES));
    for (const path of kernels(graph)) {
      const [from, to] = [before.get(path) ?? [Number.NaN], after.get(path)];
      expect(
        [...from].filter((value, i) => value === to?.[i] || !Number.isFinite(to?.[i])),
        path,
      ).toEqual([]);
    }
  });
});
