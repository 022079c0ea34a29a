/** What attention is made of: products of two values of the network, and softmax. */
import type { MatrixProduct, Op } from '../../../graph/operations/ops.js';
import { elementCount, type MapShape } from '../../../graph/shape.js';
import { UserError } from '../../../user/user-error.js';
import type { Variable } from '../operand.js';
import { type Rule, type Site, UNSUPPORTED } from '../site.js';
import {
  type Atom,
  type Dimension,
  isSameView,
  pixelsInARow,
  shuffleOf,
  type View,
  whole,
  withOrder,
} from '../view.js';
import { blocksOf, NOT_GROUPS, pixelsAgain, type Seen, seen } from './blocked.js';

/** What is multiplied: batches of matrices, of which one axis is the pixels and the other the channels of a group. */
export interface Matrices extends Seen {
  /** The groups of every dimension but the last two. */
  readonly batch: View;
  readonly groups: number;
  /** Of a group. */
  readonly channels: number;
  /** Whether the rows are the pixels, and the columns the channels. */
  readonly isPixelsFirst: boolean;
  /** The side of the blocks of pixels that were made channels. */
  readonly side: number;
}

export const productOfTwo = (site: Site): Variable => {
  const [a, b] = [matricesOf(site, site.variable(0)), matricesOf(site, site.variable(1))];
  const [product, x, y] = kindOf(a, b, site.readers);
  const shared = y.groups === 1 && x.groups > 1;
  if (!shared && x.groups !== y.groups) {
    throw new UserError(`it multiplies ${x.groups} matrices by ${y.groups}`, UNSUPPORTED);
  }
  const op: Op<'matMul'> = { kind: 'matMul', product, groups: x.groups, shared };
  const node = site.sketch.add(site.path(), op, [x.node, y.node]);
  const result = seen(site, node);
  const isPixelsFirst = product !== 'channel-scores' && x === a;
  const view = productView(x, result.shape, isPixelsFirst);
  const side = product === 'weighted-pixels' ? y.side : 1;
  return pixelsAgain(site, { ...result, view }, side);
};

/** Of a map whose groups are those of x: a matrix for each, its rows the pixels or the channels. */
export const productView = (x: Matrices, shape: MapShape, isPixelsFirst: boolean): View => {
  const inner = shape[0] / x.groups;
  const batch = x.batch.map((atoms) =>
    atoms.map((atom) => ({ ...atom, stride: (atom.stride / x.channels) * inner })),
  );
  const [channels, pixels] = [whole('c', inner), pixelsInARow(shape)];
  return [...batch, ...(isPixelsFirst ? [pixels, channels] : [channels, pixels])];
};

/**
 * The product, with the map whose pixels or channels stay and the one that is summed over first. Of the two whose pixels meet, the second
 * is the map where the product becomes one at once, or has more groups; else the rows are, as PyTorch has the queries.
 */
const kindOf = (
  a: Matrices,
  b: Matrices,
  readers: readonly string[],
): readonly [MatrixProduct, x: Matrices, y: Matrices] => {
  if (!a.isPixelsFirst) return b.isPixelsFirst ? ['channel-scores', a, b] : ['weighted-pixels', b, a];
  if (b.isPixelsFirst) return ['weighted-pixels', a, b];
  const isMapAtOnce = readers.every((operator) => operator === 'Reshape');
  return isMapAtOnce || b.groups > a.groups ? ['pixel-scores', b, a] : ['pixel-scores', a, b];
};

const NOT_ATTENTION = `it multiplies two values of the network, and ${NOT_GROUPS}`;

/** The groups outermost. Throws UserError where the matrices are no groups of a map. */
export const matricesOf = (site: Site, of: Variable): Matrices => {
  const { side, ...given } = blocksOf(site, of, (view) => view.slice(0, -2));
  const batch = given.view.slice(0, -2);
  const [rows = [], columns = []] = given.view.slice(-2);
  const isPixelsFirst = holdsPixels(rows) || (!holdsPixels(columns) && holdsChannels(columns));
  const [pixels, channels] = isPixelsFirst ? [rows, columns] : [columns, rows];
  const isWhole = isSameView([pixels], [pixelsInARow(given.shape)]) && !holdsPixels(channels);
  if (!isWhole) throw new UserError(NOT_ATTENTION, UNSUPPORTED);
  const ordered = inOrder(site, given, [...batch.flat(), ...channels]);
  return {
    ...ordered,
    batch: ordered.view.slice(0, -2),
    groups: sizeOf(batch.flat()),
    channels: sizeOf(channels),
    isPixelsFirst,
    side,
  };
};

/** Of one dimension, over all pixels or groups of the channels. */
export const softmax: Rule = (site) => {
  const rank = site.variable(0).view.length;
  const axis = (site.number('axis', -1) + rank) % rank;
  const { side, ...given } = blocksOf(site, site.variable(0), (view) => view.toSpliced(axis, 1));
  const along = given.view[axis] ?? [];
  const pixels = pixelsInARow(given.shape);
  if (holdsPixels(along) && isSameView([along], [pixels])) {
    const weights = site.sketch.add(site.path(), { kind: 'pixelSoftmax' }, [given.node]);
    return pixelsAgain(site, { ...given, node: weights }, side);
  }
  if (holdsPixels(along) || (along.length === 0 && given.shape[0] > 1))
    throw new UserError('it is over neither all pixels nor groups of channels', UNSUPPORTED);
  const others = given.view.toSpliced(axis, 1).flat();
  const { node, view } = inOrder(site, given, [...others.filter(({ axis: of }) => of === 'c'), ...along]);
  const op = { kind: 'softmax', groups: given.shape[0] / sizeOf(along) } as const;
  return site.value(site.sketch.add(site.path(), op, [node]), view);
};

/** The channels in this order, outermost first, permuted where they lie otherwise. */
const inOrder = (site: Site, given: Seen, order: Dimension): Seen => {
  const groups = shuffleOf(order, given.shape[0]);
  if (groups === null) throw new UserError(`it ${NOT_GROUPS}`, UNSUPPORTED);
  const node = site.sketch.permuted(given.node, groups, `${site.path()}_shuffle`);
  return { ...given, node, view: withOrder(given.view, order) };
};

const isPixel = ({ axis }: Atom): boolean => axis !== 'c';

const holdsPixels = (atoms: Dimension): boolean => atoms.some(isPixel);

const holdsChannels = (atoms: Dimension): boolean => atoms.some((atom) => !isPixel(atom));

const sizeOf = (atoms: Dimension): number => elementCount(atoms.map(({ size }) => size));
