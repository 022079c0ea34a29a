/**
 * Wide maps cut into tiles of columns, each with the halo that its kernel reaches into, so that the rows which an expanded kernel
 * spans stay short. The tiles stand as further images: x [C, N H W] -> [C, tiles N H w].
 */
import type { Tensor } from '../../model.js';
import type { TensorOps } from '../../tensor-ops.js';
import type { Geometry } from './geometry.js';

export interface ColumnTiles {
  /** The convolution on one tile, with the batch of all tiles. */
  readonly geometry: Geometry;
  cut(ops: TensorOps, x: Tensor): Tensor;
  /** The transpose of `cut`. */
  paste(ops: TensorOps, tiles: Tensor): Tensor;
  /** Output tiles [channels, tiles N H' w'] -> y [channels, N H' W']. */
  join(ops: TensorOps, tiles: Tensor, channels: number): Tensor;
  /** The transpose of `join`. */
  part(ops: TensorOps, y: Tensor, channels: number): Tensor;
}

/** How many tiles of at most `widest` output columns cover the map exactly, the fewest but one at most; null where none do. */
export const tileCount = ({ output }: Pick<Geometry, 'output'>, widest: number): number | null => {
  const [, , width] = output;
  const fewest = Math.ceil(width / widest);
  if (fewest === 1) return 1;
  const counts = Array.from({ length: fewest + 1 }, (_, i) => fewest + i);
  return counts.find((count) => width % count === 0) ?? null;
};

export const columnTiles = (geometry: Geometry, tiles: number): ColumnTiles => {
  const { batch, input, output, kernel, stride, padding, dilation } = geometry;
  const [channels, height, width] = input;
  const columns = output[2] / tiles;
  const step = columns * stride[1];
  const halo = Math.max(0, dilation[1] * (kernel[1] - 1) + 1 - stride[1]);
  const tileWidth = step + halo;
  const right = tiles * step + halo - width - padding[1];

  return {
    geometry: {
      ...geometry,
      batch: batch * tiles,
      input: [channels, height, tileWidth],
      output: [output[0], output[1], columns],
      padding: [padding[0], 0],
    },
    cut: (ops, x) => {
      const padded = ops.pad(
        ops.reshape(x, channels, batch, height, width),
        [0, 0, 0, padding[1]],
        [0, 0, 0, right],
      );
      const cuts = Array.from({ length: tiles }, (_, i) =>
        ops.slice(padded, 3, i * step, i * step + tileWidth),
      );
      return ops.concat(1, cuts);
    },
    paste: (ops, cut) => {
      const lines = batch * height;
      const sideBySide = (part: Tensor): Tensor =>
        ops.reshape(ops.transpose(part, 0, 2, 1, 3), channels * lines, tiles * step);
      const all = ops.reshape(cut, channels, tiles, lines, tileWidth);
      const place = (part: Tensor, first: number): Tensor => {
        const left = first - padding[1];
        return ops.pad(part, [0, left], [0, width - tiles * step - left]);
      };
      const own = place(sideBySide(halo === 0 ? all : ops.slice(all, 3, 0, step)), 0);
      if (halo === 0) return ops.reshape(own, channels, lines * width);
      const beyond = ops.pad(ops.slice(all, 3, step, tileWidth), [0, 0, 0, 0], [0, 0, 0, step - halo]);
      return ops.reshape(ops.add(own, place(sideBySide(beyond), step)), channels, lines * width);
    },
    join: (ops, tilesOut, count) => {
      const apart = ops.reshape(tilesOut, count, tiles, batch * output[1], columns);
      return ops.reshape(ops.transpose(apart, 0, 2, 1, 3), count, batch * output[1] * output[2]);
    },
    part: (ops, y, count) => {
      const lines = ops.reshape(y, count, batch * output[1], tiles, columns);
      return ops.reshape(ops.transpose(lines, 0, 2, 1, 3), count, tiles * batch * output[1] * columns);
    },
  };
};
