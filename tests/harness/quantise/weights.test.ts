import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantisedKernel } from '../../../harness/quantise/weights.js';
import { WEIGHT_SCALES } from '../../../results/training/int8.js';

const INPUT = { scale: Math.fround(0.02), zeroPoint: 0 };

describe('quantisedKernel', () => {
  it('keeps every weight to within half a step of its scale, and every bias of its own', () => {
    const rows = fc.array(
      fc.record({
        weights: fc.array(fc.float({ min: -4, max: 4, noNaN: true }), { minLength: 6, maxLength: 6 }),
        bias: fc.float({ min: -8, max: 8, noNaN: true }),
      }),
      { minLength: 1, maxLength: 5 },
    );
    fc.assert(
      fc.property(rows, fc.constantFrom(...WEIGHT_SCALES), (channels, scales) => {
        const kernel = Float32Array.from(channels.flatMap(({ weights }) => weights));
        const bias = Float32Array.from(channels, (channel) => channel.bias);
        const quantised = quantisedKernel(kernel, bias, channels.length, INPUT, scales);
        for (const [i, weight] of kernel.entries()) {
          const scale = quantised.scales[scales === 'per-channel' ? Math.floor(i / 6) : 0] ?? 0;
          expect(Math.abs((quantised.integers[i] ?? 0) * scale - weight)).toBeLessThanOrEqual(0.5001 * scale);
        }
        for (const [channel, offset] of bias.entries()) {
          const step = INPUT.scale * (quantised.scales[scales === 'per-channel' ? channel : 0] ?? 0);
          const integer = quantised.bias?.[channel] ?? 0;
          expect(Math.abs(integer)).toBeLessThanOrEqual(2 ** 30 + 64);
          expect(Math.abs(integer * step - offset)).toBeLessThanOrEqual(
            0.5001 * step + 1e-6 * Math.abs(offset),
          );
        }
      }),
    );
  });

  it('keeps the bias of a channel without weights, and counts the channel', () => {
    const quantised = quantisedKernel(
      Float32Array.of(0, 0, 1, -1),
      Float32Array.of(0.3, 0.3),
      2,
      INPUT,
      'per-channel',
    );
    const [scale = 0] = quantised.scales;
    expect(quantised.zeroChannels).toBe(1);
    expect((quantised.bias?.[0] ?? 0) * scale * INPUT.scale).toBeCloseTo(0.3, 6);
  });

  it('loses what is small where one scale serves all, and keeps it where every channel has its own', () => {
    const kernel = Float32Array.of(100, -50, 0.1, 0.2);
    const [own, common] = WEIGHT_SCALES.map(
      (scales) => quantisedKernel(kernel, null, 2, INPUT, scales).integers,
    );
    expect([...(own ?? [])]).toEqual([127, -64, 64, 127]);
    expect([...(common ?? [])]).toEqual([127, -64, 0, 0]);
  });
});
