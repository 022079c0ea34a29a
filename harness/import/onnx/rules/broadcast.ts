/** Sums and products of a map with a smaller one. */
import type { Op } from '../../../graph/operations/ops.js';
import { elementCount, isMap } from '../../../graph/shape.js';
import type { Variable } from '../operand.js';
import type { Site } from '../site.js';
import { isSameView, shuffleOf, type View, withOrder } from '../view.js';
import { blocksOf, pixelsAgain } from './blocked.js';

/** A map times one of a single channel; or one of blocks of pixels times a factor for each place in them. Null where they are none. */
export const broadcast = (site: Site, a: Variable, b: Variable): Variable | null => {
  const [x, y] = [site.sketch.settle(a), site.sketch.settle(b)];
  const [map, factor] = [site.sketch.at(x).shape, site.sketch.at(y).shape];
  const [viewA, viewB] = sameRank(a.view, b.view);
  if (!isMap(map) || !isMap(factor) || viewA.length !== a.view.length) return null;
  if (
    factor[0] === 1 &&
    map[1] === factor[1] &&
    map[2] === factor[2] &&
    isSameView(withoutChannels(viewA), viewB)
  )
    return site.value(site.sketch.add(site.path(), { kind: 'mul' }, [x, y]), viewA);
  if (elementCount(factor.slice(1)) > 1 || factor[0] <= map[0]) return null;
  const { side, ...blocks } = blocksOf(site, a, (of) =>
    of.filter((_, axis) => (viewB[axis] ?? []).length > 0),
  );
  if (!isSameView(withoutPixels(blocks.view), viewB)) return null;
  const node = site.sketch.add(site.path(), { kind: 'mul' }, [blocks.node, y]);
  return pixelsAgain(site, { ...blocks, node }, side);
};

/** A map with one pixel, for every pixel. A sum takes it at the size of the map. */
export const withPixel = (site: Site, op: Op<'add' | 'mul'>, map: number, pixel: number): number => {
  const { shape } = site.sketch.at(map);
  if (op.kind === 'mul' || !isMap(shape)) return site.sketch.add(site.path(), op, [map, pixel]);
  const everywhere: Op = { kind: 'resize', size: [shape[1], shape[2]] };
  return site.sketch.add(site.path(), op, [
    map,
    site.sketch.add(`${site.path()}_resize`, everywhere, [pixel]),
  ]);
};

/** The pixel with its channels in the order that they have in a view of a map; null where they are others, or no permutation does it. */
export const inChannelOrder = (
  site: Site,
  ofMap: View,
  pixel: { readonly node: number; readonly view: View },
): number | null => {
  const wanted = withoutPixels(ofMap);
  const [channels] = site.sketch.at(pixel.node).shape;
  const order = wanted
    .flatMap((atoms, axis) => atoms.map((atom, i) => ({ atom, own: pixel.view[axis]?.[i] })))
    .toSorted((a, b) => b.atom.stride - a.atom.stride)
    .flatMap(({ own }) => own ?? []);
  const groups = shuffleOf(order, channels);
  if (groups === null || !isSameView(withOrder(pixel.view, order), wanted)) return null;
  return site.sketch.permuted(pixel.node, groups, `${site.path()}_shuffle`);
};

export const sameRank = (a: View, b: View): readonly [View, View] => {
  const rank = Math.max(a.length, b.length);
  const fill = (view: View): View => [...Array<View[number]>(rank - view.length).fill([]), ...view];
  return [fill(a), fill(b)];
};

const withoutChannels = (view: View): View => view.map((atoms) => atoms.filter(({ axis }) => axis !== 'c'));

export const withoutPixels = (view: View): View =>
  view.map((atoms) => atoms.filter(({ axis }) => axis === 'c'));
