/**
 * How parameters, and whatever else there is a value of for each, and running statistics lie in flat vectors.
 * They are laid out in pieces: parameters of one shape that are used together lie side by side and are one tensor to the model.
 * Kernels come first, so that weight decay, from which biases and batch norms are exempt, is one slice.
 */
import { isLearnable, type Parameter, type Weights } from '../../../../graph/parameters.js';
import type { Tensor } from '../../model.js';
import type { TensorOps } from '../../tensor-ops.js';

/** One or more parameters of one role and shape. */
export type Piece = readonly [Parameter, ...Parameter[]];

export interface StateLayout {
  readonly parameters: readonly Piece[];
  readonly statistics: readonly Piece[];
  readonly parameterCount: number;
  readonly decayedCount: number;
  readonly statisticCount: number;
}

export const stateLayout = (pieces: readonly Piece[]): StateLayout => {
  const learnable = pieces.filter(([parameter]) => isLearnable(parameter));
  const decayed = learnable.filter(([{ role }]) => role === 'kernel');
  const parameters = [...decayed, ...learnable.filter(([{ role }]) => role !== 'kernel')];
  const statistics = pieces.filter(([parameter]) => !isLearnable(parameter));
  return {
    parameters,
    statistics,
    parameterCount: totalSize(parameters),
    decayedCount: totalSize(decayed),
    statisticCount: totalSize(statistics),
  };
};

const sizeOf = (piece: Piece): number => piece.length * piece[0].size;

export const totalSize = (pieces: readonly Piece[]): number =>
  pieces.reduce((sum, piece) => sum + sizeOf(piece), 0);

/** Values one after another in the order of the layout. Throws RangeError where one is missing or of the wrong size. */
export const flatten = (pieces: readonly Piece[], weights: Weights): Float32Array => {
  const flat = new Float32Array(totalSize(pieces));
  let offset = 0;
  for (const { path, size } of pieces.flat()) {
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
  pieces: readonly Piece[],
  flat: Float32Array,
): [path: string, values: Float32Array][] => {
  let offset = 0;
  return pieces.flat().map(({ path, size }) => {
    const values = flat.slice(offset, offset + size);
    offset += size;
    return [path, values];
  });
};

/** The pieces of a flat vector, by the path of their first parameter. */
export const splitState = (
  ops: TensorOps,
  flat: Tensor,
  pieces: readonly Piece[],
): [path: string, tensor: Tensor][] => {
  const parts = ops.split(flat, 0, pieces.map(sizeOf));
  return pieces.map(([{ path }], i) => [path, parts[i] ?? flat]);
};

/** The inverse of `splitState`. */
export const joinState = (
  ops: TensorOps,
  pieces: readonly Piece[],
  tensors: ReadonlyMap<string, Tensor>,
): Tensor =>
  ops.concat(
    0,
    pieces.map((piece) => {
      const tensor = tensors.get(piece[0].path);
      if (tensor === undefined)
        throw new RangeError(`${piece[0].path} has no new value: an operation's rule did not set it.`);
      return ops.reshape(tensor, sizeOf(piece));
    }),
  );
