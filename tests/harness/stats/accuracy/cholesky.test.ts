import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cholesky, solveLower, solveUpper } from '../../../../harness/stats/accuracy/cholesky.js';

const size = 4;
const value = fc.double({ min: -2, max: 2, noNaN: true });
/** A Aᵀ + I / 2. */
const definite = fc.array(value, { minLength: size ** 2, maxLength: size ** 2 }).map((a) =>
  Float64Array.from({ length: size ** 2 }, (_, at) => {
    const [i, j] = [Math.floor(at / size), at % size];
    let sum = i === j ? 0.5 : 0;
    for (let k = 0; k < size; k += 1) sum += (a[i * size + k] ?? 0) * (a[j * size + k] ?? 0);
    return sum;
  }),
);

describe('cholesky', () => {
  it('solves with what it has factored', () => {
    fc.assert(
      fc.property(definite, fc.array(value, { minLength: size, maxLength: size }), (values, right) => {
        const lower = cholesky({ size, values }) ?? new Float64Array();
        const x = Float64Array.from(right);
        solveLower(lower, x);
        solveUpper(lower, x);
        for (let i = 0; i < size; i += 1) {
          const product = x.reduce((sum, xk, k) => sum + (values[i * size + k] ?? 0) * xk, 0);
          expect(product).toBeCloseTo(right[i] ?? 0, 6);
        }
      }),
    );
  });

  it('refuses a matrix that is not positive definite', () => {
    expect(cholesky({ size: 2, values: Float64Array.of(1, 0, 2, 1) })).toBeNull();
    expect(cholesky({ size: 1, values: Float64Array.of(0) })).toBeNull();
  });
});
