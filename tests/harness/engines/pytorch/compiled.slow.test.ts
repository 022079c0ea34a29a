/** Training through torch.compile: PyTorch writes C++ and compiles it, which takes most of a minute. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { Checkpoint } from '../../../../harness/engines/engine.js';
import { initialWeights } from '../../../../harness/train/initialise.js';
import { randomValues } from '../../../support/random.js';
import { stepRecipe } from '../../../support/recipe.js';
import { relativeDifference } from '../../../support/reference.js';
import { tinyNetwork } from '../../../support/tiny-network.js';
import { torchEngineIsMissing, torchOnCpu } from '../../../support/torch-engine.js';

const BATCH = 32;
const STEPS = 10;
const TOLERANCE = 1e-4;
const graph = tinyNetwork();
const weights = initialWeights(graph, 1);
const batch = {
  images: randomValues(BATCH * 144, 2),
  labels: Int32Array.from({ length: BATCH }, (_, i) => i % 4),
  count: BATCH,
};

const trained = async (compiled: boolean, checkpoint?: Checkpoint) => {
  const trainer = await torchOnCpu.createTrainer(graph, weights, {
    batch: BATCH,
    threads: 1,
    recipe: stepRecipe({ compiled }),
    ...(checkpoint === undefined ? {} : { checkpoint }),
  });
  const losses: number[] = [];
  for (let step = 0; step < STEPS; step += 1) losses.push((await trainer.step(batch, 0.05)).loss);
  const result = { losses, weights: await trainer.weights(), checkpoint: await trainer.checkpoint() };
  await trainer.dispose();
  return result;
};

const compilerIsMissing = (): string | undefined => {
  try {
    execFileSync('g++', ['--version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'g++ is not installed';
  }
};

const missing = torchEngineIsMissing ?? compilerIsMissing();

describe.skipIf(missing)(`training through torch.compile${missing ? ` (${missing})` : ''}`, () => {
  it('learns the same within rounding, statistics included, and goes on from a checkpoint', async () => {
    const [usual, compiled] = [await trained(false), await trained(true)];
    expect(relativeDifference(compiled.losses, usual.losses)).toBeLessThan(TOLERANCE);
    for (const [path, values] of usual.weights)
      expect(relativeDifference(compiled.weights.get(path) ?? [], values), path).toBeLessThan(TOLERANCE);
    const { checkpoint } = compiled;
    expect(await trained(true, checkpoint)).toEqual(await trained(true, checkpoint));
  });
});
