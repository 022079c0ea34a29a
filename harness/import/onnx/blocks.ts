/** Views of maps that are seen as blocks of pixels, whose pixels are channels of a smaller map: see `spaceToDepth`. */
import { elementCount, type MapShape } from '../../graph/shape.js';
import { type Atom, type Axis, type Dimension, joined, type View } from './view.js';

/**
 * The side of the blocks whose pixels these dimensions hold, one row of a block after another: 1 where they hold no pixels, null where
 * they hold others.
 */
export const blockSideOf = (dimensions: View): number | null => {
  const pixels = dimensions.flat().filter(({ axis }) => axis !== 'c');
  const [row, column, ...others] = pixels;
  if (!row) return 1;
  const isBlock = row.axis === 'h' && column?.axis === 'w' && row.size === column.size;
  return isBlock && others.length === 0 && row.stride * column.stride === 1 ? row.size : null;
};

/** The same view of the map of blocks that a map of this shape becomes; null where a dimension cuts through them. */
export const inBlocks = (view: View, [channels]: MapShape, side: number): View | null => {
  const strides: Record<'h' | 'w', number> = { h: side * channels, w: channels };
  const moved = view.map((atoms) =>
    atoms.map((atom): Atom | null => {
      if (atom.axis === 'c') return atom;
      if (atom.stride === 1 && atom.size === side)
        return { axis: 'c', size: side, stride: strides[atom.axis] };
      return atom.stride % side === 0 ? { ...atom, stride: atom.stride / side } : null;
    }),
  );
  const known = moved.map((atoms) => atoms.filter((atom) => atom !== null));
  const isWhole =
    elementCount(known.flat().map(({ size }) => size)) === elementCount(view.flat().map(({ size }) => size));
  return isWhole ? known.map(joined) : null;
};

/** The view of the map of pixels that a map of blocks of this shape becomes. */
export const outOfBlocks = (view: View, [channels]: MapShape, side: number): View => {
  const [column, row] = [channels / side ** 2, channels / side];
  const axisOf = ({ stride }: Atom): Axis => (stride >= row ? 'h' : stride >= column ? 'w' : 'c');
  return view.map((atoms) =>
    atoms
      .flatMap((atom) => (atom.axis === 'c' ? splitAt(splitAt([atom], row), column) : [atom]))
      .map((atom): Atom => {
        if (atom.axis !== 'c') return { ...atom, stride: atom.stride * side };
        const axis = axisOf(atom);
        return {
          ...atom,
          axis,
          stride: { h: atom.stride / row, w: atom.stride / column, c: atom.stride }[axis],
        };
      }),
  );
};

/** Atoms that reach over this distance as two. */
const splitAt = (atoms: Dimension, distance: number): Dimension =>
  atoms.flatMap((atom) => {
    const reach = atom.size * atom.stride;
    if (atom.stride >= distance || reach <= distance) return [atom];
    return [
      { ...atom, size: reach / distance, stride: distance },
      { ...atom, size: distance / atom.stride },
    ];
  });
