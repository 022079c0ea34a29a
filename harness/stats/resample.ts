/** The bootstrap (Efron 1979) of several estimates at once: all are computed from the same draw, so that what they share cancels. */

/** Uniform in [0, 1). */
export type Uniform = () => number;

/** A statistic of several equally long rows, each time over positions drawn anew, the same for all rows. One row of statistics a draw. */
export const resamplePaired = (
  rows: readonly (readonly number[])[],
  statistic: (values: readonly number[]) => number,
  draws: number,
  uniform: Uniform,
): readonly (readonly number[])[] => {
  const length = rows[0]?.length ?? 0;
  if (rows.some((row) => row.length !== length))
    throw new RangeError('Rows of different lengths are not paired.');
  return Array.from({ length: draws }, () => {
    const drawn = Array.from({ length }, () => Math.floor(uniform() * length));
    return rows.map((row) => statistic(drawn.map((at) => row[at] ?? Number.NaN)));
  });
};
