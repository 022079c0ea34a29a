/**
 * How a depthwise convolution looks at its input: windows V [C, rows, extent], each joined to `reach` outputs per kernel.
 *
 * Whole images: rows = N, extent = H W; nothing is copied. Row bands: every window gives `band` rows of output and spans
 * `phases * band * stride` rows of input, so that the windows of one phase lie end to end in the padded map and each phase costs
 * one contiguous slice. Wide maps are cut into tiles of columns first. Two phases cover a kernel where the band holds its overlap; where that does not divide the map, the band
 * is one row and there are as many phases as the kernel spans strides.
 */
import type { Pair } from '../../../../graph/operations/ops.js';
import { elementCount } from '../../../../graph/shape.js';
import type { Tensor } from '../../model.js';
import type { TensorOps } from '../../tensor-ops.js';
import { type ColumnTiles, columnTiles, tileCount } from './column-tiles.js';
import type { Geometry } from './geometry.js';

export interface WindowView {
  /** Inputs in a window, and outputs it gives for one kernel. */
  readonly extent: number;
  readonly reach: number;
  /** Which input of a window each tap reads for each output. */
  readonly joins: readonly Join[];
  /** Windows per channel, one entry a phase. */
  readonly rows: readonly number[];
  /** x [C, N H W] -> one [C, rows, extent] a phase. */
  unfold(ops: TensorOps, x: Tensor): readonly Tensor[];
  /** The transpose of `unfold`. */
  fold(ops: TensorOps, windows: readonly Tensor[]): Tensor;
  /** One [channels, rows, reach] a phase -> y [channels, N H' W']. */
  assemble(ops: TensorOps, results: readonly Tensor[], channels: number): Tensor;
  /** The transpose of `assemble`. */
  scatter(ops: TensorOps, y: Tensor, channels: number): readonly Tensor[];
}

export interface Join {
  readonly tap: number;
  readonly from: number;
  readonly to: number;
}

/** Largest map, in pixels, that is taken whole: above, the zeros in the expanded kernel cost more than the copies. */
const WHOLE_PIXELS = 64;

/** Widest output that is taken in one piece. */
const WIDEST_ROW = 32;

/** Whether windows can cover the map: rows short enough, or divisible into tiles that are. */
export const windowsCover = (geometry: Pick<Geometry, 'output'>): boolean =>
  tileCount(geometry, WIDEST_ROW) !== null;

export const windowView = (geometry: Geometry): WindowView => {
  if (geometry.input[1] * geometry.input[2] <= WHOLE_PIXELS) return wholeImages(geometry);
  const tiles = tileCount(geometry, WIDEST_ROW);
  return tiles === null || tiles === 1 ? rowBands(geometry) : tiled(columnTiles(geometry, tiles));
};

const tiled = (tiles: ColumnTiles): WindowView => {
  const view = rowBands(tiles.geometry);
  return {
    ...view,
    unfold: (ops, x) => view.unfold(ops, tiles.cut(ops, x)),
    fold: (ops, windows) => tiles.paste(ops, view.fold(ops, windows)),
    assemble: (ops, results, channels) => tiles.join(ops, view.assemble(ops, results, channels), channels),
    scatter: (ops, y, channels) => view.scatter(ops, tiles.part(ops, y, channels), channels),
  };
};

const wholeImages = (geometry: Geometry): WindowView => {
  const { batch, input, output } = geometry;
  const [channels, height, width] = input;
  const pixels = output[1] * output[2];
  return {
    extent: height * width,
    reach: pixels,
    joins: mapJoins(
      geometry,
      axisJoins(geometry, 0, { size: height, padding: geometry.padding[0], outputs: output[1] }),
    ),
    rows: [batch],
    unfold: (ops, x) => [ops.reshape(x, channels, batch, height * width)],
    fold: (ops, windows) => ops.reshape(ops.total(windows), channels, batch * height * width),
    assemble: (ops, results, count) => ops.reshape(ops.total(results), count, batch * pixels),
    scatter: (ops, y, count) => [ops.reshape(y, count, batch, pixels)],
  };
};

const rowBands = (geometry: Geometry): WindowView => {
  const { batch, input, output, stride, padding } = geometry;
  const [channels, height, width] = input;
  const { band, phases } = bandsOf(geometry);
  const step = band * stride[0];
  const span = phases * step;
  const bands = output[1] / band;
  const counts = Array.from({ length: phases }, (_, phase) => Math.ceil((bands - phase) / phases)).filter(
    (n) => n > 0,
  );
  const most = counts[0] ?? 0;
  const paddedRows = Math.max(...counts.map((count, phase) => phase * step + count * span));
  const reach = band * output[2];
  const bottom = paddedRows - height - padding[0];

  return {
    extent: span * width,
    reach,
    joins: mapJoins(geometry, axisJoins(geometry, 0, { size: span, padding: 0, outputs: band })),
    rows: counts.map((count) => batch * count),
    unfold: (ops, x) => {
      const padded = ops.pad(
        ops.reshape(x, channels, batch, height, width),
        [0, 0, padding[0], 0],
        [0, 0, bottom, 0],
      );
      return counts.map((count, phase) => {
        const first = phase * step;
        const covered = first === 0 && count * span === paddedRows;
        const rows = covered ? padded : ops.slice(padded, 2, first, first + count * span);
        return ops.reshape(rows, channels, batch * count, span * width);
      });
    },
    fold: (ops, windows) => {
      const placed = windows.map((window, phase) => {
        const covered = (counts[phase] ?? 0) * span;
        const top = phase * step - padding[0];
        const rows = ops.reshape(window, channels * batch, covered, width);
        return ops.pad(rows, [0, top, 0], [0, height - covered - top, 0]);
      });
      return ops.reshape(ops.total(placed), channels, batch * height * width);
    },
    assemble: (ops, results, count) => {
      const side = results.map((result, phase) => {
        const own = counts[phase] ?? 0;
        return ops.pad(ops.reshape(result, count, batch, own, reach), [0, 0, 0, 0], [0, 0, most - own, 0]);
      });
      const all = ops.reshape(ops.concat(3, side), count, batch, most * counts.length * band, output[2]);
      const rows = output[1] === most * counts.length * band ? all : ops.slice(all, 2, 0, output[1]);
      return ops.reshape(rows, count, batch * output[1] * output[2]);
    },
    scatter: (ops, y, count) => {
      const missing = most * counts.length * band - output[1];
      const whole = ops.pad(
        ops.reshape(y, count, batch, output[1], output[2]),
        [0, 0, 0, 0],
        [0, 0, missing, 0],
      );
      const parts = ops.split(
        ops.reshape(whole, count, batch, most, counts.length * reach),
        3,
        counts.map(() => reach),
      );
      return parts.map((part, phase) => {
        const own = counts[phase] ?? 0;
        const rows = own === most ? part : ops.slice(part, 2, 0, own);
        return ops.reshape(rows, count, batch * own, reach);
      });
    },
  };
};

/** Rows of output in a window, and how many interleaved tilings of windows there are. */
const bandsOf = ({
  kernel,
  stride,
  dilation,
  output,
}: Geometry): { readonly band: number; readonly phases: number } => {
  const span = dilation[0] * (kernel[0] - 1) + 1;
  if (span <= stride[0]) return { band: 1, phases: 1 };
  const band = Math.ceil((span - stride[0]) / stride[0]);
  return output[1] % band === 0 ? { band, phases: 2 } : { band: 1, phases: Math.ceil(span / stride[0]) };
};

interface Axis {
  readonly size: number;
  readonly padding: number;
  readonly outputs: number;
}

/** Which input position each tap reads for each output position, along one axis; what lies outside is left out. */
const axisJoins = (
  { kernel, stride, dilation }: Geometry,
  axis: 0 | 1,
  { size, padding, outputs }: Axis,
): readonly Join[] =>
  Array.from({ length: kernel[axis] }, (_, tap) =>
    Array.from({ length: outputs }, (_, to) => ({
      tap,
      to,
      from: to * stride[axis] - padding + tap * dilation[axis],
    })),
  )
    .flat()
    .filter(({ from }) => from >= 0 && from < size);

const mapJoins = (geometry: Geometry, down: readonly Join[]): readonly Join[] => {
  const { input, output, kernel, padding } = geometry;
  const across = axisJoins(geometry, 1, { size: input[2], padding: padding[1], outputs: output[2] });
  return down.flatMap((row) =>
    across.map((column) => ({
      tap: row.tap * kernel[1] + column.tap,
      from: row.from * input[2] + column.from,
      to: row.to * output[2] + column.to,
    })),
  );
};

/** Constant tables of a view; all hold small whole numbers. */
export const joinTables = ({ joins, extent, reach }: WindowView, kernel: Pair) => {
  const taps = elementCount(kernel);
  return {
    /** [taps, extent, reach]: 1 where the tap joins the input to the output. */
    forward: () =>
      filled(
        taps * extent * reach,
        joins.map(({ tap, from, to }) => (tap * extent + from) * reach + to),
      ),
    /** [taps, reach, extent]. */
    backward: () =>
      filled(
        taps * extent * reach,
        joins.map(({ tap, from, to }) => (tap * reach + to) * extent + from),
      ),
    /** [reach, extent, taps]. */
    projection: () =>
      filled(
        taps * extent * reach,
        joins.map(({ tap, from, to }) => (to * extent + from) * taps + tap),
      ),
    /** [extent, taps]: for how many outputs the tap reads the input. */
    counts: () =>
      filled(
        extent * taps,
        joins.map(({ tap, from }) => from * taps + tap),
      ),
    /** [extent, extent, taps, taps]: for how many outputs two taps read the two inputs. */
    pairs: () => {
      const byOutput = Array.from({ length: reach }, (_, to) => joins.filter((join) => join.to === to));
      const places = byOutput.flatMap((meeting) =>
        meeting.flatMap((a) =>
          meeting.map((b) => ((a.from * extent + b.from) * taps + a.tap) * taps + b.tap),
        ),
      );
      return filled(extent * extent * taps * taps, places);
    },
  };
};

const filled = (size: number, places: readonly number[]): Float32Array => {
  const table = new Float32Array(size);
  for (const place of places) table[place] = (table[place] ?? 0) + 1;
  return table;
};
