import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planSf } from '../../../blocks/channel/sf-plan.js';
import { UserError } from '../../../harness/user/user-error.js';

/** Every kernel size from 1 to C that the paper's conditions admit, with its weights, straight from the text. */
const bruteForce = (c: number, out: number, r: number) =>
  Array.from({ length: c }, (_, i) => i + 1)
    .filter((k) => c % k === 0 && k % r === 0 && Number.isInteger((out * r) / k))
    .map((k) => ({ k, weights: (c / k) * k * (k / r) + (k / r) * (c / k) * ((out * r) / k) }));

const shape = fc.record({
  inChannels: fc.integer({ min: 1, max: 192 }),
  outChannels: fc.integer({ min: 1, max: 768 }),
  reduction: fc.constantFrom(1, 2, 3, 4, 8),
});

describe('the kernel size of SF Conv', () => {
  it('has the fewest weights of all that fit, and is the smaller on a tie', () => {
    fc.assert(
      fc.property(shape, ({ inChannels, outChannels, reduction }) => {
        const candidates = bruteForce(inChannels, outChannels, reduction);
        const plan = () => planSf('sf', { inChannels, outChannels, reduction }, 'auto');
        if (candidates.length === 0) {
          expect(plan).toThrow(UserError);
          return;
        }
        const fewest = Math.min(...candidates.map(({ weights }) => weights));
        expect(plan().kernel).toBe(candidates.find(({ weights }) => weights === fewest)?.k);
      }),
    );
  });

  it('is sqrt(lambda R C) where that fits: also for the projection, with the roles changed', () => {
    for (const [c, lambda, r, k] of [
      [64, 2, 2, 16],
      [32, 4, 2, 16],
      [128, 1 / 4, 2, 8],
      [64, 1, 4, 16],
    ] as const) {
      expect(Math.sqrt(lambda * r * c)).toBe(k);
      expect(planSf('sf', { inChannels: c, outChannels: lambda * c, reduction: r }, 'auto').kernel).toBe(k);
    }
  });

  it('may be given, where it fits', () => {
    const of = (kernel: number) => () =>
      planSf('sf', { inChannels: 48, outChannels: 96, reduction: 2 }, kernel);
    expect(of(6)()).toEqual({ kernel: 6, positions: 8, hiddenPerPosition: 3, hiddenChannels: 24 });
    expect(of(7)).toThrow(expect.objectContaining({ remedy: 'The nearest valid kernel sizes are 6 and 8.' }));
    expect(of(64)).toThrow(expect.objectContaining({ remedy: 'The nearest valid kernel sizes are 48.' }));
  });
});
