/** Operators that take values apart along the channels, or put them together. */
import type { Pair } from '../../../graph/operations/ops.js';
import { nearestPlaces } from '../../../graph/operations/places.js';
import { isMap, isSameShape } from '../../../graph/shape.js';
import { UserError } from '../../../user/user-error.js';
import type { Constant, Variable } from '../operand.js';
import { type Rule, type Site, UNSUPPORTED } from '../site.js';
import { isSameView, plainView, shuffleOf, viewShape, withChannels, withOrder } from '../view.js';
import { sliceOfStep } from './linear-attention.js';

const axisAt = (axis: number, { view }: Variable): number => (axis < 0 ? axis + view.length : axis);

/** Elements `start` to `end` along a dimension that is the channels, or one piece of them. */
export const channelsOf = (
  site: Site,
  given: Variable,
  dimension: number,
  start: number,
  end: number,
): Variable => {
  const size = viewShape(given.view)[dimension] ?? 1;
  if (start === 0 && end === size) return given;
  const id = site.sketch.settle(given);
  const shape = site.sketch.at(id).shape;
  const view = isMap(shape) ? withChannels(given.view, shape, dimension, end - start) : null;
  if (view) return site.value(site.sketch.add(site.path(), { kind: 'slice', start, end }, [id]), view);
  const piece = isMap(shape) ? pieceOf(site, { ...given, node: id }, dimension, start, end) : null;
  if (piece) return piece;
  const map = site.sketch.asMap(given, site.path());
  if (dimension !== 1) throw new UserError('it cuts something other than the channels', UNSUPPORTED);
  return site.value(site.sketch.add(site.path(), { kind: 'slice', start, end }, [map]));
};

/** Of a dimension that is one piece of the channels, such as the heads: put outermost, elements of it are a slice. */
const pieceOf = (
  site: Site,
  { node, view }: Variable,
  dimension: number,
  start: number,
  end: number,
): Variable | null => {
  const [atom, ...joinedWith] = view[dimension] ?? [];
  if (!atom || joinedWith.length > 0 || atom.axis !== 'c') return null;
  const [channels] = site.sketch.at(node).shape;
  const others = view.toSpliced(dimension, 1).flat();
  const order = [atom, ...others.filter(({ axis }) => axis === 'c').toSorted((a, b) => b.stride - a.stride)];
  const groups = shuffleOf(order, channels);
  if (groups === null) return null;
  const rest = channels / atom.size;
  const map = site.sketch.permuted(node, groups, `${site.path()}_shuffle`);
  const part = site.sketch.add(site.path(), { kind: 'slice', start: start * rest, end: end * rest }, [map]);
  const size = end - start;
  const kept = size === 1 ? [] : [{ ...atom, size, stride: rest }];
  return site.value(part, withOrder(view, order).with(dimension, kept));
};

export const slice: Rule = (site) => {
  const step = site.step(0);
  if (step) return sliceOfStep(site, step);
  let given = site.variable(0);
  const starts = site.numbers(1, 'starts', 'its start') ?? [];
  const ends = site.numbers(2, 'ends', 'its end') ?? [];
  const axes = site.numbers(3, 'axes', 'its axes') ?? starts.map((_, axis) => axis);
  const steps = site.numbers(4, 'steps', 'its step') ?? [];
  for (const [i, axis] of axes.entries()) {
    const dimension = axisAt(axis, given);
    const size = viewShape(given.view)[dimension] ?? 1;
    const bound = (at: number): number => Math.min(Math.max(at < 0 ? at + size : at, 0), size);
    if ((steps[i] ?? 1) !== 1) throw new UserError('it takes every other element', UNSUPPORTED);
    given = channelsOf(site, given, dimension, bound(starts[i] ?? 0), bound(ends[i] ?? size));
  }
  return given;
};

export const split: Rule = (site) => {
  const given = site.variable(0);
  const dimension = axisAt(site.number('axis', 0), given);
  const size = viewShape(given.view)[dimension] ?? 1;
  const share = site.number('chunk', Math.ceil(size / site.outputs));
  const sizes =
    site.numbers(1, 'split', 'its sizes') ??
    Array.from({ length: Math.ceil(size / share) }, (_, i) => Math.min(share, size - i * share));
  let end = 0;
  return sizes.map((count) => {
    end += count;
    return channelsOf(site, given, dimension, end - count, end);
  });
};

export const concat: Rule = (site) => {
  const given = site.inputs.map((_, i) => site.variable(i));
  const [first = site.variable(0), ...others] = given;
  if (others.length === 0) return first;
  const dimension = axisAt(site.number('axis', 1), first);
  const ids = given.map((one) => site.sketch.settle(one));
  const total = ids.reduce((sum, id) => sum + site.sketch.at(id).shape[0], 0);
  const views = given.map((one, i) => {
    const { shape: of } = site.sketch.at(ids[i] ?? 0);
    return isMap(of) ? withChannels(one.view, of, dimension, total) : null;
  });
  const [view] = views;
  if (view && views.every((one) => one && JSON.stringify(one) === JSON.stringify(view)))
    return site.value(site.sketch.add(site.path(), { kind: 'concat' }, ids), view);
  const stack = stacked(site, given, dimension);
  if (stack) return stack;
  if (dimension !== 1) throw new UserError('it joins along something other than the channels', UNSUPPORTED);
  const maps = given.map((one) => site.sketch.asMap(one, site.path()));
  return site.value(site.sketch.add(site.path(), { kind: 'concat' }, maps));
};

/** Maps of one shape along a dimension of their own: channels one after another, and the maps their outermost piece. */
const stacked = (site: Site, given: readonly Variable[], dimension: number): Variable | null => {
  const [first = site.variable(0)] = given;
  const ids = given.map((one) => site.sketch.settle(one));
  const { shape } = site.sketch.at(ids[0] ?? 0);
  const isAlike = given.every(
    ({ view }, i) => isSameView(view, first.view) && isSameShape(site.sketch.at(ids[i] ?? 0).shape, shape),
  );
  if (dimension === 0 || !isMap(shape) || !isAlike || first.view[dimension]?.length !== 0) return null;
  const maps = [{ axis: 'c', size: given.length, stride: shape[0] }] as const;
  const node = site.sketch.add(site.path(), { kind: 'concat' }, ids);
  return site.value(node, first.view.with(dimension, maps));
};

/** One piece along a dimension, which is dropped; all elements in blocks; or rows or columns as nearest neighbours. */
export const gather: Rule = (site) => {
  const given = site.variable(0);
  const index = site.constant(1, 'its place');
  const dimension = axisAt(site.number('axis', 0), given);
  const resized = neighbours(site, given, dimension, index);
  if (resized) return resized;
  const [at = 0] = Array.from(index.values);
  if (index.values.length !== 1) return apart(given, index, dimension);
  const size = viewShape(given.view)[dimension] ?? 1;
  const start = at < 0 ? at + size : at;
  const piece = channelsOf(site, given, dimension, start, start + 1);
  if (index.shape.length > 0) return piece;
  return { ...piece, view: piece.view.filter((_, axis) => axis !== dimension) };
};

/** Rows or columns of a map that are those of the nearest neighbours. */
const neighbours = (
  site: Site,
  given: Variable,
  dimension: number,
  { shape: places, values }: Constant,
): Variable | null => {
  const map = site.sketch.settle(given);
  const { shape } = site.sketch.at(map);
  const size = shape[dimension - 1];
  const isAlongPixels = isMap(shape) && dimension > 1 && isSameView(given.view, plainView(shape));
  if (!isAlongPixels || size === undefined || places.length !== 1) return null;
  const isNearest = nearestPlaces(size, values.length).every((place, i) => values[i] === place);
  if (!isNearest) return null;
  const newSize: Pair = dimension === 2 ? [values.length, shape[2]] : [shape[1], values.length];
  return site.value(site.sketch.add(site.path(), { kind: 'resize', size: newSize }, [map]));
};

/** All elements of a dimension, by their places in blocks and by blocks, as unfolding picks them. */
const apart = (given: Variable, { shape, values }: Constant, dimension: number): Variable => {
  const atoms = given.view[dimension] ?? [];
  const [atom, ...others] = atoms;
  const [rows = 1, columns = 1] = shape;
  const isAll =
    atom !== undefined && others.length === 0 && shape.length === 2 && rows * columns === atom.size;
  const isInBlocks = Array.from(values).every(
    (value, i) => value === Math.floor(i / columns) + rows * (i % columns),
  );
  if (!isAll || !isInBlocks) {
    throw new UserError(
      'it picks elements by a list of their places',
      'Shuffle channels by reshape and transpose, or slice them.',
    );
  }
  const places = [{ ...atom, size: rows }];
  const blocks = [{ ...atom, size: columns, stride: atom.stride * rows }];
  return { ...given, view: given.view.toSpliced(dimension, 1, places, blocks) };
};
