import { describe, expect, it } from 'vitest';
import { buildNetwork } from '../../../../blocks/build.js';
import { tf } from '../../../../harness/engines/tfjs/backends/tf.js';
import { wasm } from '../../../../harness/engines/tfjs/wasm.js';
import { GraphBuilder } from '../../../../harness/graph/build/builder.js';
import { initialWeights } from '../../../../harness/train/initialise.js';
import { randomValues } from '../../../support/random.js';
import { stepRecipe } from '../../../support/recipe.js';

const BATCH = 2;
const OPTIONS = { batch: BATCH, threads: 1, recipe: stepRecipe() };

const graph = buildNetwork(
  { id: 'lightnet', set: { preset: 'small', depths: [1], widths: [8] } },
  { input: [3, 16, 16], classes: 4 },
);
const weights = initialWeights(graph, 1);
const batch = {
  images: randomValues(BATCH * 3 * 16 * 16, 2),
  labels: Int32Array.of(0, 1),
  count: BATCH,
};

describe('a TF.js trainer', () => {
  it('leaves no tensors behind, neither a step nor when it is disposed of', async () => {
    const before = tf.engine().state.numTensors;
    const trainer = await wasm.createTrainer(graph, weights, OPTIONS);
    const held: number[] = [];
    for (let step = 0; step < 3; step += 1) {
      await trainer.step(batch, 0.1);
      held.push(tf.memory().numTensors);
    }
    expect(new Set(held).size).toBe(1);
    await trainer.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('takes turns with others', async () => {
    const alone = await wasm.createTrainer(graph, weights, OPTIONS);
    const expected = [await alone.step(batch, 0.1), await alone.step(batch, 0.1)];
    const [first, second] = await Promise.all([
      wasm.createTrainer(graph, weights, OPTIONS),
      wasm.createTrainer(graph, weights, OPTIONS),
    ]);
    const steps = [first.step(batch, 0.1), second.step(batch, 0.1), first.step(batch, 0.1)];
    expect(await Promise.all(steps)).toEqual([expected[0], expected[0], expected[1]]);
    await Promise.all([alone, first, second].map((trainer) => trainer.dispose()));
  });

  it('goes on after a step that was refused', async () => {
    const trainer = await wasm.createTrainer(graph, weights, OPTIONS);
    await expect(trainer.step({ ...batch, count: 1 }, 0.1)).rejects.toThrow(
      'A step takes 2 images and got 1.',
    );
    expect((await trainer.step(batch, 0.1)).loss).toBeGreaterThan(0);
    await trainer.dispose();
  });

  it('refuses a graph without a classifier, and threads that the engine does not have', async () => {
    const g = GraphBuilder.create();
    const part = g.finish(g.activation('act', g.input([3, 4, 4]), 'relu'));
    await expect(wasm.createTrainer(part, new Map(), OPTIONS)).rejects.toMatchObject({
      message: 'The graph outputs a map of 3x4x4, not class scores.',
    });
    await expect(wasm.createTrainer(graph, weights, { ...OPTIONS, threads: 2 })).rejects.toMatchObject({
      message: 'The engine wasm supports at most 1 thread; 2 were requested.',
    });
  });
});
