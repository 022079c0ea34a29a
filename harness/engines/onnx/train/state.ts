/**
 * What training carries from step to step, as three flat vectors: learnable parameters, their momenta, running statistics.
 * Kernels come first among the parameters, so that weight decay, from which biases and batch norms are exempt, is one slice.
 */
import { isLearnable, type Parameter, type Weights } from '../../../graph/parameters.js';
import type { Tensor } from '../model.js';
import type { TensorOps } from '../tensor-ops.js';

export interface StateLayout {
  readonly parameters: readonly Parameter[];
  readonly statistics: readonly Parameter[];
  readonly parameterCount: number;
  readonly decayedCount: number;
  readonly statisticCount: number;
}

export const stateLayout = (all: readonly Parameter[]): StateLayout => {
  const learnable = all.filter(isLearnable);
  const decayed = learnable.filter(({ role }) => role === 'kernel');
  const parameters = [...decayed, ...learnable.filter(({ role }) => role !== 'kernel')];
  const statistics = all.filter((parameter) => !isLearnable(parameter));
  return {
    parameters,
    statistics,
    parameterCount: totalSize(parameters),
    decayedCount: totalSize(decayed),
    statisticCount: totalSize(statistics),
  };
};

const totalSize = (parameters: readonly Parameter[]): number =>
  parameters.reduce((sum, { size }) => sum + size, 0);

/** Values one after another in the order of `parameters`. Throws RangeError where one is missing or of the wrong size. */
export const flatten = (parameters: readonly Parameter[], weights: Weights): Float32Array => {
  const flat = new Float32Array(totalSize(parameters));
  let offset = 0;
  for (const { path, size } of parameters) {
    const values = weights.get(path);
    if (values?.length !== size)
      throw new RangeError(`${path} needs ${size} values and has ${values?.length ?? 'none'}.`);
    flat.set(values, offset);
    offset += size;
  }
  return flat;
};

/** The inverse of `flatten`: copies. */
export const unflatten = (
  parameters: readonly Parameter[],
  flat: Float32Array,
): [path: string, values: Float32Array][] => {
  let offset = 0;
  return parameters.map(({ path, size }) => {
    const values = flat.slice(offset, offset + size);
    offset += size;
    return [path, values];
  });
};

/** A flat vector's parameters as tensors of their own shapes. */
export const splitState = (
  ops: TensorOps,
  flat: Tensor,
  parameters: readonly Parameter[],
): [path: string, tensor: Tensor][] => {
  const parts = ops.split(
    flat,
    0,
    parameters.map(({ size }) => size),
  );
  return parameters.map(({ path, shape }, i) => [path, ops.reshape(parts[i] ?? flat, ...shape)]);
};

/** The inverse of `splitState`. */
export const joinState = (
  ops: TensorOps,
  parameters: readonly Parameter[],
  tensors: ReadonlyMap<string, Tensor>,
): Tensor =>
  ops.concat(
    0,
    parameters.map(({ path, size }) => {
      const tensor = tensors.get(path);
      if (tensor === undefined)
        throw new RangeError(`${path} has no new value: an operation's rule did not set it.`);
      return ops.reshape(tensor, size);
    }),
  );
