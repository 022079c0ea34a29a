/**
 * Common random numbers: a stream is fixed by a seed and a path (of a parameter, an epoch, an image), so that what two candidates
 * share draws the same numbers under both, whatever else they draw.
 */
import { createHash } from 'node:crypto';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

/** Random numbers, one after another. */
export interface RandomStream {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Uniform over the whole numbers from low to high, both included. */
  integer(low: number, high: number): number;
  /** Standard normal, by Box and Muller. */
  normal(): number;
  /** Beta(shape, shape), by Joehnk: of pairs U^(1/shape), V^(1/shape) with a sum of at most 1, the first's share of the sum. */
  beta(shape: number): number;
  /** A uniformly random order of 0 .. count - 1 (Fisher and Yates). */
  permutation(count: number): Uint32Array;
}

/** The stream of this seed and path: the same numbers on every platform. */
export const randomStream = (seed: number, ...path: readonly (string | number)[]): RandomStream => {
  const digest = createHash('sha256')
    .update(JSON.stringify([seed, ...path]))
    .digest();
  const generator = xoroshiro128plusFromState([0, 4, 8, 12].map((at) => digest.readInt32LE(at)));
  const uniform = (): number => uniformFloat64(generator);
  const integer = (low: number, high: number): number => uniformInt(generator, low, high);
  return {
    uniform,
    integer,
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    beta: (shape) => {
      for (;;) {
        const [x, y] = [Math.log(1 - uniform()) / shape, Math.log(1 - uniform()) / shape];
        if (Math.exp(x) + Math.exp(y) <= 1) return 1 / (1 + Math.exp(y - x));
      }
    },
    permutation: (count) => {
      const order = Uint32Array.from({ length: count }, (_, i) => i);
      for (let i = count - 1; i > 0; i -= 1) {
        const j = integer(0, i);
        [order[i], order[j]] = [order[j] ?? 0, order[i] ?? 0];
      }
      return order;
    },
  };
};
