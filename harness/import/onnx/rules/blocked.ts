/** Values whose pixels are taken by blocks: those at the same place of every block together, as MobileViT has them (arXiv:2110.02178). */
import { elementCount, isMap, type MapShape } from '../../../graph/shape.js';
import { UserError } from '../../../user/user-error.js';
import { blockSideOf, inBlocks, outOfBlocks } from '../blocks.js';
import type { Variable } from '../operand.js';
import { type Site, UNSUPPORTED } from '../site.js';
import { plainView, type View } from '../view.js';

/** A map of the sketch, in a view. */
export interface Seen {
  readonly node: number;
  readonly shape: MapShape;
  readonly view: View;
}

export const seen = (site: Site, node: number, view?: View): Seen => {
  const { shape } = site.sketch.at(node);
  if (!isMap(shape)) throw new UserError('it reads a vector', UNSUPPORTED);
  return { node, shape, view: view ?? plainView(shape) };
};

export const NOT_GROUPS =
  'takes something other than the pixels of a map, or its channels, or groups of them';

/** A value whose blocks of pixels are channels, where the dimensions `apart` hold the places of pixels in blocks of this side. */
export const blocksOf = (
  site: Site,
  given: Variable,
  apart: (view: View) => View,
): Seen & { readonly side: number } => {
  const map = seen(site, site.sketch.settle(given), given.view);
  const dimensions = apart(given.view);
  const side = blockSideOf(dimensions);
  if (side === 1 || holdsAllPixels(dimensions, map.shape)) return { ...map, side: 1 };
  const view = side === null ? null : inBlocks(map.view, map.shape, side);
  if (side === null || view === null) throw new UserError(`it ${NOT_GROUPS}`, UNSUPPORTED);
  return { ...seen(site, site.sketch.inBlocks(map.node, side, `${site.path()}_blocks`), view), side };
};

const holdsAllPixels = (dimensions: View, [, height, width]: MapShape): boolean =>
  elementCount(dimensions.flat().flatMap(({ axis, size }) => (axis === 'c' ? [] : [size]))) ===
  height * width;

/** A value whose channels are blocks of pixels of this side, as pixels. */
export const pixelsAgain = (site: Site, { node, shape, view }: Seen, side: number): Variable =>
  side === 1
    ? site.value(node, view)
    : site.value(
        site.sketch.outOfBlocks(node, side, `${site.path()}_pixels`),
        outOfBlocks(view, shape, side),
      );
