import { describe, expect, it } from 'vitest';
import type { Checkpoint } from '../../../../harness/engines/engine.js';
import type { StepRecipe } from '../../../../harness/recipe/recipe.js';
import { initialWeights } from '../../../../harness/train/initialise.js';
import { randomValues } from '../../../support/random.js';
import { stepRecipe } from '../../../support/recipe.js';
import { relativeDifference } from '../../../support/reference.js';
import { tinyNetwork } from '../../../support/tiny-network.js';
import { torchEngineIsMissing, torchOnCpu } from '../../../support/torch-engine.js';

const BATCH = 32;
const STEPS = 10;
const graph = tinyNetwork();
const weights = initialWeights(graph, 1);
const batch = {
  images: randomValues(BATCH * 144, 2),
  labels: Int32Array.from({ length: BATCH }, (_, i) => i % 4),
  count: BATCH,
};

const trained = async (precision: StepRecipe['precision'], checkpoint?: Checkpoint) => {
  const trainer = await torchOnCpu.createTrainer(graph, weights, {
    batch: BATCH,
    threads: 1,
    recipe: stepRecipe(precision === undefined ? {} : { precision }),
    ...(checkpoint === undefined ? {} : { checkpoint }),
  });
  const losses: number[] = [];
  for (let step = 0; step < STEPS; step += 1) losses.push((await trainer.step(batch, 0.05)).loss);
  const result = { losses, weights: await trainer.weights(), checkpoint: await trainer.checkpoint() };
  await trainer.dispose();
  return result;
};

const missing = torchEngineIsMissing;

describe.skipIf(missing)(`the precision of training by PyTorch${missing ? ` (${missing})` : ''}`, () => {
  it('is float32 where nothing is said', async () => {
    expect(await trained('float32')).toEqual(await trained(undefined));
  });

  it('bf16 rounds maps to 8 bits, and learns the same', async () => {
    const [exact, rounded] = [await trained('float32'), await trained('bf16')];
    const difference = relativeDifference(rounded.losses, exact.losses);
    expect(difference).toBeGreaterThan(1e-5);
    expect(difference).toBeLessThan(0.05);
    expect(rounded.losses.at(-1)).toBeLessThan(rounded.losses[0] ?? 0);
  });

  it('bf16 keeps its weights in float32, so that a checkpoint goes on bit for bit', async () => {
    const { checkpoint } = await trained('bf16');
    expect(await trained('bf16', checkpoint)).toEqual(await trained('bf16', checkpoint));
    const kernel = [...(checkpoint.vectors.get('parameters')?.values() ?? [])][0] ?? new Float32Array();
    const bits = new Uint32Array(kernel.buffer, kernel.byteOffset, kernel.length);
    expect(bits.some((value) => (value & 0xffff) !== 0)).toBe(true);
  });
});
