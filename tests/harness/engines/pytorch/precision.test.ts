import { describe, expect, it } from 'vitest';
import { relativeDifference } from '../../../support/reference.js';
import { torchEngineIsMissing } from '../../../support/torch-engine.js';
import { trainedByTorch } from '../../../support/trained-by-torch.js';

const missing = torchEngineIsMissing;

describe.skipIf(missing)(`the precision of training by PyTorch${missing ? ` (${missing})` : ''}`, () => {
  it('is float32 where nothing is said', async () => {
    expect(await trainedByTorch({ precision: 'float32' })).toEqual(await trainedByTorch({}));
  });

  it('bf16 rounds maps to 8 bits, and learns the same', async () => {
    const [exact, rounded] = [
      await trainedByTorch({ precision: 'float32' }),
      await trainedByTorch({ precision: 'bf16' }),
    ];
    const difference = relativeDifference(rounded.losses, exact.losses);
    expect(difference).toBeGreaterThan(1e-5);
    expect(difference).toBeLessThan(0.05);
    expect(rounded.losses.at(-1)).toBeLessThan(rounded.losses[0] ?? 0);
  });

  it('bf16 keeps its weights in float32, so that a checkpoint goes on bit for bit', async () => {
    const { checkpoint } = await trainedByTorch({ precision: 'bf16' });
    expect(await trainedByTorch({ precision: 'bf16' }, { checkpoint })).toEqual(
      await trainedByTorch({ precision: 'bf16' }, { checkpoint }),
    );
    const kernel = [...(checkpoint.vectors.get('parameters')?.values() ?? [])][0] ?? new Float32Array();
    const bits = new Uint32Array(kernel.buffer, kernel.byteOffset, kernel.length);
    expect(bits.some((value) => (value & 0xffff) !== 0)).toBe(true);
  });
});
