/** Constants of `depthwise-moments.ts`: what belongs to which pair of taps. Offsets of taps and distances of pixels go from -2 to 2. */
import type { Pair } from '../../../../graph/operations/ops.js';

interface Table {
  readonly values: Float32Array;
  readonly shape: readonly [rows: number, columns: number];
}

type Offset = readonly [down: number, right: number];

/** Rows of the table by the columns they add to, with a sign. */
type Entry = readonly [row: number, column: number, value: 1 | -1];

/** An offset reaches beyond the first line (+1: pixels before it see it) or the last (-1); null where neither. */
const lineOf = (offset: number): 0 | 1 | null => (offset === 1 ? 0 : offset === -1 ? 1 : null);

export const windowTables = (kernel: Pair) => {
  const [rows, columns] = kernel;
  const taps: readonly Offset[] = Array.from({ length: rows * columns }, (_, tap) => [
    Math.floor(tap / columns) - (rows - 1) / 2,
    (tap % columns) - (columns - 1) / 2,
  ]);
  const pairs = taps.flatMap((a, i) => taps.map((b, j) => ({ a, b, pair: i * taps.length + j })));
  /** First or last row, column and corner at which the pair counts pixels outside the map. */
  const beyond = ({ a, b }: { readonly a: Offset; readonly b: Offset }) => {
    const row = a[0] === b[0] ? lineOf(a[0]) : null;
    const column = a[1] === b[1] ? lineOf(a[1]) : null;
    return { row, column, corner: row === null || column === null ? null : 2 * row + column };
  };
  const present = (...entries: readonly (Entry | null)[]): readonly Entry[] =>
    entries.filter((entry) => entry !== null);

  return {
    /** [15 + 6 + 6 + 4, taps^2]: autocorrelations of the map, of its outer rows and columns, of its corners -> moments. */
    moments: (): Table =>
      tableOf(
        [31, taps.length ** 2],
        pairs.flatMap((pair) => {
          const { row, column, corner } = beyond(pair);
          const [down, right] = [pair.b[0] - pair.a[0], pair.b[1] - pair.a[1]];
          const [y, x] = down < 0 ? [-down, -right] : [down, right];
          return present(
            [5 * y + x + 2, pair.pair, 1],
            row === null ? null : [15 + 3 * row + Math.abs(right), pair.pair, -1],
            column === null ? null : [21 + 3 * column + Math.abs(down), pair.pair, -1],
            corner === null ? null : [27 + corner, pair.pair, 1],
          );
        }),
      ),
    /** [1 + 2 + 2 + 4, taps]: sums of the map, of its outer rows and columns, of its corners -> sums of what each tap sees. */
    sums: (): Table =>
      tableOf(
        [9, taps.length],
        offsetEntries(taps).map(([row, column, value]) => [column, row, value]),
      ),
    /** [taps^2, 25 + 10 + 10 + 4]: the matrix of a quadratic form -> kernels over the map, its outer rows, columns, corners. */
    curvature: (): Table =>
      tableOf(
        [taps.length ** 2, 49],
        pairs.flatMap((pair) => {
          const { row, column, corner } = beyond(pair);
          const [down, right] = [pair.b[0] - pair.a[0], pair.b[1] - pair.a[1]];
          return present(
            [pair.pair, 5 * (down + 2) + right + 2, 1],
            row === null ? null : [pair.pair, 25 + 5 * row + right + 2, -1],
            column === null ? null : [pair.pair, 35 + 5 * column + down + 2, -1],
            corner === null ? null : [pair.pair, 45 + corner, 1],
          );
        }),
      ),
    /** [taps, 1 + 2 + 2 + 4]: its linear term -> what is added everywhere, in the outer rows, columns, corners. */
    offsets: (): Table => tableOf([taps.length, 9], offsetEntries(taps)),
  };
};

const offsetEntries = (taps: readonly Offset[]): readonly Entry[] =>
  taps.flatMap(([down, right], tap): readonly Entry[] => {
    const [row, column] = [lineOf(down), lineOf(right)];
    return [
      [tap, 0, 1] as const,
      ...(row === null ? [] : [[tap, 1 + row, -1] as const]),
      ...(column === null ? [] : [[tap, 3 + column, -1] as const]),
      ...(row === null || column === null ? [] : [[tap, 5 + 2 * row + column, 1] as const]),
    ];
  });

const tableOf = (shape: readonly [number, number], entries: readonly Entry[]): Table => {
  const values = new Float32Array(shape[0] * shape[1]);
  for (const [row, column, value] of entries) {
    const at = row * shape[1] + column;
    values[at] = (values[at] ?? 0) + value;
  }
  return { values, shape };
};
