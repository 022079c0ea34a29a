/** Means and sums over the pixels of a map. */
import type { Pair } from '../../../graph/operations/ops.js';
import { elementCount, isMap } from '../../../graph/shape.js';
import { UserError } from '../../../user/user-error.js';
import type { Variable } from '../operand.js';
import { type Rule, type Site, UNSUPPORTED } from '../site.js';
import { axisOf, isSameView, pixelsInARow } from '../view.js';
import { blocksOf } from './blocked.js';
import { channelsOf } from './pieces.js';

export const globalAveragePool: Rule = (site) => mean(site, [2, 3], true);

export const reduceMean: Rule = (site) => mean(site, axesOf(site), keepsAxes(site));

/** Of a value, or of the values that a sum is over. */
const axesOf = (site: Site): readonly number[] => {
  const { view } = site.variable(0);
  const given = site.numbers(1, 'axes', 'its axes') ?? view.map((_, axis) => axis);
  return given.map((axis) => (axis < 0 ? axis + view.length : axis));
};

const keepsAxes = (site: Site): boolean => site.number('keepdims', 1) === 1;

/** Over groups of channels, or over all pixels. */
export const reduceSum: Rule = (site) => sumOfPieces(site) ?? sumOfPixels(site);

/** As an operation of so many inputs. */
const MOST_PIECES = 16;

/** Over a dimension that is a piece of the channels: a sum of slices (split attention, arXiv:2004.08955). Null where it is none. */
const sumOfPieces = (site: Site): Variable | null => {
  const given = site.variable(0);
  const [axis = 0, ...others] = axesOf(site);
  const atoms = given.view[axis] ?? [];
  const count = elementCount(atoms.map(({ size }) => size));
  if (others.length > 0 || count === 1 || atoms.some((atom) => atom.axis !== 'c')) return null;
  if (count > MOST_PIECES) throw new UserError(`it sums up ${count} groups of channels`, UNSUPPORTED);
  const pieces = Array.from({ length: count }, (_, i) => channelsOf(site, given, axis, i, i + 1));
  const [{ view } = given] = pieces;
  const ids = pieces.map((piece) => site.sketch.settle(piece));
  const sum = site.sketch.add(site.path(), { kind: 'add' }, ids);
  return site.value(sum, keepsAxes(site) ? view : view.toSpliced(axis, 1));
};

/** Their mean times their number. */
const sumOfPixels = (site: Site): Variable => {
  const given = reduceMean(site) as Variable;
  const { inputs, path } = site.sketch.at(given.node);
  const { shape } = site.sketch.at(inputs[0] ?? given.node);
  const op = { kind: 'times', factor: elementCount(shape.slice(1)) } as const;
  return site.value(site.sketch.add(`${path}_times`, op, [given.node]), given.view);
};

/** Over whole dimensions that hold the height and the width, or those of every block, and nothing else. */
const mean = (site: Site, axes: readonly number[], keep: boolean): Variable => {
  const isReduced = (axis: number): boolean => axes.includes(axis);
  const { node, shape, view } = blocksOf(site, site.variable(0), (of) =>
    of.filter((_, axis) => !isReduced(axis)),
  );
  const reduced = axes.flatMap((axis) => view[axis] ?? []);
  const isPixels = reduced.every(({ axis }) => axis !== 'c');
  if (!isPixels || elementCount(reduced.map(({ size }) => size)) !== shape[1] * shape[2]) {
    throw new UserError(
      'it averages over something other than all pixels',
      'Only the mean over the height and the width is understood.',
    );
  }
  const kept = view.map((atoms, axis) => (isReduced(axis) ? [] : atoms));
  const left = keep ? kept : kept.filter((_, axis) => !isReduced(axis));
  return site.value(site.sketch.add(site.path(), { kind: 'globalAvgPool' }, [node]), left);
};

/** Over all pixels in a row (as Next-ViT has it, arXiv:2207.05501): windows that are pieces of one row of the map, or several rows. */
export const averageInARow = (site: Site): Variable => {
  const given = site.variable(0);
  const x = site.sketch.settle(given);
  const { shape } = site.sketch.at(x);
  const [size = 1] = site.list('kernel_shape') ?? [];
  const isAlone =
    (site.list('strides')?.[0] ?? 1) === size && !site.list('pads')?.some((amount) => amount > 0);
  const isRow =
    isMap(shape) &&
    axisOf(given.view, 1, shape) === 'c' &&
    isSameView(given.view.slice(2), [pixelsInARow(shape)]);
  if (!isRow || !isAlone)
    throw new UserError('it slides along 1 axis that is not all pixels, one by one', UNSUPPORTED);
  const [, height, width] = shape;
  const [rows, columns] = [size / width, width / size].map(Number.isInteger);
  const kernel: Pair = columns ? [1, size] : [size / width, width];
  if (!columns && (!rows || height % kernel[0] !== 0))
    throw new UserError(
      `its ${size} pixels in a row are no rows of a map ${width} wide, nor pieces of one`,
      UNSUPPORTED,
    );
  const op = { kind: 'avgPool', kernel, stride: kernel, padding: [0, 0] } as const;
  const node = site.sketch.add(site.path(), op, [x]);
  const pooled = site.sketch.at(node).shape;
  return site.value(node, isMap(pooled) ? given.view.with(2, pixelsInARow(pooled)) : given.view);
};
