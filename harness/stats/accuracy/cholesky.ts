/** A symmetric matrix of `size` rows, row by row; only what is on and below the diagonal counts. */
export interface Symmetric {
  readonly size: number;
  readonly values: Float64Array;
}

/** Lower triangular L with L Lᵀ equal to the matrix; null where it is not positive definite. */
export const cholesky = ({ size, values }: Symmetric): Float64Array | null => {
  const lower = new Float64Array(size * size);
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let rest = values[i * size + j] ?? 0;
      for (let k = 0; k < j; k += 1) rest -= (lower[i * size + k] ?? 0) * (lower[j * size + k] ?? 0);
      if (i === j && !(rest > 0)) return null;
      lower[i * size + j] = i === j ? Math.sqrt(rest) : rest / (lower[j * size + j] ?? 0);
    }
  }
  return lower;
};

/** Solves L x = b in place. */
export const solveLower = (lower: Float64Array, x: Float64Array): void => {
  const size = x.length;
  for (let i = 0; i < size; i += 1) {
    let rest = x[i] ?? 0;
    for (let k = 0; k < i; k += 1) rest -= (lower[i * size + k] ?? 0) * (x[k] ?? 0);
    x[i] = rest / (lower[i * size + i] ?? 0);
  }
};

/** Solves Lᵀ x = b in place. */
export const solveUpper = (lower: Float64Array, x: Float64Array): void => {
  const size = x.length;
  for (let i = size - 1; i >= 0; i -= 1) {
    let rest = x[i] ?? 0;
    for (let k = i + 1; k < size; k += 1) rest -= (lower[k * size + i] ?? 0) * (x[k] ?? 0);
    x[i] = rest / (lower[i * size + i] ?? 0);
  }
};
