import { describe, expect, it } from 'vitest';
import { initialWeights } from '../../../../harness/train/initialise.js';
import { descendant } from '../../../support/processes.js';
import { randomValues } from '../../../support/random.js';
import { stepRecipe } from '../../../support/recipe.js';
import { tinyNetwork } from '../../../support/tiny-network.js';
import { torchEngineIsMissing, torchOnCpu } from '../../../support/torch-engine.js';

const BATCH = 4;
const graph = tinyNetwork();
const weights = initialWeights(graph, 1);
const OPTIONS = { batch: BATCH, threads: 1, recipe: stepRecipe() };
const batch = { images: randomValues(BATCH * 144, 2), labels: Int32Array.of(0, 1, 2, 3), count: BATCH };

const missing = torchEngineIsMissing;

describe.skipIf(missing)(`the Python process${missing ? ` (${missing})` : ''}`, () => {
  it('answers several trainers in turn, each as if it were alone', async () => {
    const alone = await torchOnCpu.createTrainer(graph, weights, OPTIONS);
    const expected = [await alone.step(batch, 0.1), await alone.step(batch, 0.1)];
    const [first, second] = await Promise.all([
      torchOnCpu.createTrainer(graph, weights, OPTIONS),
      torchOnCpu.createTrainer(graph, weights, OPTIONS),
    ]);
    const steps = [first.step(batch, 0.1), second.step(batch, 0.1), first.step(batch, 0.1)];
    expect(await Promise.all(steps)).toEqual([expected[0], expected[0], expected[1]]);
    await Promise.all([alone, first, second].map((trainer) => trainer.dispose()));
  });

  it('tells what failed in one sentence, and goes on', async () => {
    const trainer = await torchOnCpu.createTrainer(graph, weights, OPTIONS);
    await trainer.dispose();
    await expect(trainer.step(batch, 0.1)).rejects.toThrow(/^PyTorch failed: KeyError: \d+$/);
    const next = await torchOnCpu.createTrainer(graph, weights, OPTIONS);
    expect((await next.step(batch, 0.1)).loss).toBeGreaterThan(0);
    await next.dispose();
  });

  it('gives a loss that is not finite as it is', async () => {
    const trainer = await torchOnCpu.createTrainer(graph, weights, OPTIONS);
    const images = new Float32Array(batch.images.length).fill(Number.NaN);
    expect((await trainer.step({ ...batch, images }, 0.1)).loss).toBeNaN();
    await trainer.dispose();
  });

  it.skipIf(process.platform !== 'linux')(
    'that is killed rejects what it was asked, and what it is asked afterwards; the next trainer gets another',
    async () => {
      const trainer = await torchOnCpu.createTrainer(graph, weights, OPTIONS);
      const python = await descendant(process.pid, 'pytorch/python/main.py');
      process.kill(python, 'SIGKILL');
      for (let again = 0; again < 2; again += 1) {
        await expect(trainer.step(batch, 0.1)).rejects.toMatchObject({
          name: 'EngineProcessEnded',
          message: expect.stringContaining('was killed by SIGKILL'),
        });
      }
      const next = await torchOnCpu.createTrainer(graph, weights, OPTIONS);
      expect((await next.step(batch, 0.1)).loss).toBeGreaterThan(0);
      await next.dispose();
    },
  );
});
