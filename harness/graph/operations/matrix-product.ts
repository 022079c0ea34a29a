/** Sizes of the matrix products of two maps: see `MATRIX_PRODUCTS`. */
import { UserError } from '../../user/user-error.js';
import type { MapShape } from '../shape.js';
import type { MatrixProduct, Op } from './ops.js';

/** Of x and y; the groups divide their channels. Throws UserError where they do not fit. */
export const productShape = (op: Op<'matMul'>, x: MapShape, y: MapShape): MapShape =>
  PRODUCT_SHAPES[op.product](sizesOf(op, x, y));

/** How many products are summed up for each value of the output. */
export const summedBy = ({ product, groups }: Op<'matMul'>, x: MapShape): number =>
  product === 'channel-scores' ? x[1] * x[2] : x[0] / groups;

interface Sizes {
  readonly groups: number;
  /** Channels of a group, and pixels. */
  readonly x: {
    readonly channels: number;
    readonly pixels: number;
    readonly size: readonly [number, number];
  };
  readonly y: { readonly channels: number; readonly pixels: number };
}

/** Channels of a group of y: of all of them where it is shared. */
export const channelsOfY = ({ groups, shared }: Op<'matMul'>, [channels]: MapShape): number =>
  shared ? channels : channels / groups;

const sizesOf = (op: Op<'matMul'>, x: MapShape, y: MapShape): Sizes => ({
  groups: op.groups,
  x: { channels: x[0] / op.groups, pixels: x[1] * x[2], size: [x[1], x[2]] },
  y: { channels: channelsOfY(op, y), pixels: y[1] * y[2] },
});

const PRODUCT_SHAPES: Record<MatrixProduct, (sizes: Sizes) => MapShape> = {
  'pixel-scores': ({ groups, x, y }) => {
    if (x.channels !== y.channels) {
      throw new UserError(
        `a group has ${x.channels} channels in its first input and ${y.channels} in its second`,
        'Give both as many channels.',
      );
    }
    return [groups * y.pixels, ...x.size];
  },
  'weighted-pixels': ({ groups, x, y }) => {
    if (x.channels !== y.pixels) {
      throw new UserError(
        `a group of its first input has ${x.channels} channels and its second ${y.pixels} pixels`,
        'Give the first a channel for each pixel of the second.',
      );
    }
    return [groups * y.channels, ...x.size];
  },
  'channel-scores': ({ groups, x, y }) => {
    if (x.pixels !== y.pixels) {
      throw new UserError(`its inputs have ${x.pixels} and ${y.pixels} pixels`, 'Give both as many pixels.');
    }
    return [groups * x.channels, y.channels, 1];
  },
};

/** Throws UserError where queries, keys and values do not fit. */
export const linearAttentionShape = (query: MapShape, key: MapShape, value: MapShape): MapShape => {
  if (query[0] !== key[0]) {
    throw new UserError(
      `its queries have ${query[0]} channels and its keys ${key[0]}`,
      'Give both as many channels.',
    );
  }
  if (key[1] !== value[1] || key[2] !== value[2]) {
    throw new UserError(
      `its keys are a map of ${key[1]}x${key[2]} and its values of ${value[1]}x${value[2]}`,
      'Make the heights and widths equal.',
    );
  }
  return [value[0], query[1], query[2]];
};
