/**
 * How a tensor of the file arranges the values of one image of ours. A tensor has dimensions, each made of atoms: pieces of our axes,
 * outermost first. So a reshape splits and joins atoms, a transposition moves dimensions, and neither moves a value: channel shuffles,
 * layouts with the channels last, flattening and squeezing are all views. The batch is one image, so that its dimension has no atom.
 */
import { elementCount, isMap, type Shape } from '../../graph/shape.js';

/** Channels (of a vector, its features), height, width. */
export type Axis = 'c' | 'h' | 'w';

export interface Atom {
  readonly axis: Axis;
  readonly size: number;
  /** Distance, along the axis, of neighbours within the atom. */
  readonly stride: number;
}

export type Dimension = readonly Atom[];

export type View = readonly Dimension[];

const AXES: readonly Axis[] = ['c', 'h', 'w'];

export const whole = (axis: Axis, size: number): Dimension => (size === 1 ? [] : [{ axis, size, stride: 1 }]);

/** The batch, then one dimension for each axis. */
export const plainView = (shape: Shape): View => [[], ...shape.map((size, i) => whole(AXES[i] ?? 'c', size))];

/** All pixels of a map as one dimension. */
export const pixelsInARow = (shape: Shape): Dimension => plainView(shape).slice(2).flat();

export const viewShape = (view: View): readonly number[] =>
  view.map((atoms) => elementCount(atoms.map(({ size }) => size)));

export const isSameView = (a: View, b: View): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The axis of ours that one dimension is, whole and in order; null where it is a piece, a mixture, or has one element. */
export const axisOf = (view: View, dimension: number, shape: Shape): Axis | null => {
  const [atom, ...others] = view[dimension] ?? [];
  if (!atom || others.length > 0 || atom.size !== sizeOf(shape, atom.axis)) return null;
  return atom.axis;
};

export const sizeOf = (shape: Shape, axis: Axis): number => {
  const [channels, height = 1, width = 1] = isMap(shape) ? shape : [shape[0]];
  return { c: channels, h: height, w: width }[axis];
};

/** The same view of a value that has another number of channels, where the channels are one dimension; null where they are not. */
export const withChannels = (view: View, shape: Shape, dimension: number, channels: number): View | null => {
  const [size = 1] = shape;
  const isChannels = axisOf(view, dimension, shape) === 'c' || (size === 1 && view[dimension]?.length === 0);
  return isChannels ? view.with(dimension, whole('c', channels)) : null;
};

/** The dimensions of this shape instead; null where a dimension would begin or end within an atom that does not split so. */
export const reshaped = (view: View, shape: readonly number[]): View | null => {
  const atoms = view.flat();
  const result: Dimension[] = [];
  for (const size of shape) {
    const taken: Atom[] = [];
    let left = size;
    while (left > 1) {
      const atom = atoms.shift();
      if (!atom) return null;
      if (left % atom.size === 0) {
        taken.push(atom);
        left /= atom.size;
      } else if (atom.size % left === 0) {
        const inner = atom.size / left;
        taken.push({ ...atom, size: left, stride: atom.stride * inner });
        atoms.unshift({ ...atom, size: inner });
        left = 1;
      } else return null;
    }
    result.push(joined(taken));
  }
  return atoms.length === 0 ? result : null;
};

/** Neighbours that are one piece of an axis as one atom. */
export const joined = (atoms: readonly Atom[]): Dimension => {
  const done: Atom[] = [];
  for (const atom of atoms) {
    const last = done.at(-1);
    const follows = last?.axis === atom.axis && last.stride === atom.size * atom.stride;
    if (follows) done[done.length - 1] = { ...atom, size: last.size * atom.size };
    else done.push(atom);
  }
  return done;
};

export const transposed = (view: View, permutation: readonly number[]): View =>
  permutation.map((dimension) => view[dimension] ?? []);

/**
 * By how many groups the channels of a value must be permuted so that the dimension `channels` holds them in order: 1 where they are,
 * null where no permutation of one step does it.
 */
export const shuffleOf = (pieces: Dimension, channels: number): number | null => {
  const atoms = joined(pieces);
  if (atoms.some(({ axis }) => axis !== 'c')) return null;
  if (elementCount(atoms.map(({ size }) => size)) !== channels) return null;
  if (atoms.length <= 1) return 1;
  const outermost = atoms.reduce((best, atom, i) => (atom.stride > (atoms[best]?.stride ?? 0) ? i : best), 0);
  const inOrder = [...atoms.slice(outermost), ...atoms.slice(0, outermost)];
  if (joined(inOrder).length !== 1) return null;
  return elementCount(inOrder.slice(0, atoms.length - outermost).map(({ size }) => size));
};

/** The view of the value whose channels were put in this order, outermost first; the atoms are those of the view. */
export const withOrder = (view: View, order: Dimension): View => {
  const strides = new Map<number, number>();
  let stride = elementCount(order.map(({ size }) => size));
  for (const atom of order) {
    stride /= atom.size;
    strides.set(atom.stride, stride);
  }
  return view.map((atoms) =>
    joined(
      atoms.map((atom) =>
        atom.axis === 'c' ? { ...atom, stride: strides.get(atom.stride) ?? atom.stride } : atom,
      ),
    ),
  );
};
