/** The bootstrap (Efron 1979) of several estimates at once: all are computed from the same draw, so that what they share cancels. */

/** Uniform in [0, 1). */
export type Uniform = () => number;

/**
 * Means of several tables of one row a seed and one column an image, each time over seeds and images drawn anew with replacement,
 * the same for all tables (Owen 2007, the pigeonhole bootstrap). One row of means a draw. Values are 0 and 1. Throws RangeError
 * where the tables differ in size.
 */
export const resampleCrossed = (
  tables: readonly (readonly Uint8Array[])[],
  draws: number,
  uniform: Uniform,
): readonly (readonly number[])[] => {
  const seeds = tables[0]?.length ?? 0;
  const images = tables[0]?.[0]?.length ?? 0;
  if (tables.some((rows) => rows.length !== seeds || rows.some((row) => row.length !== images))) {
    throw new RangeError('Tables of different sizes have no draw in common.');
  }
  const rows = tables.flat();
  const { patternOf, patterns } = groupColumns(rows, images);
  return Array.from({ length: draws }, () => {
    const times = new Float64Array(patterns.length);
    for (let i = 0; i < images; i += 1) {
      const drawn = patternOf[Math.floor(uniform() * images)] ?? 0;
      times[drawn] = (times[drawn] ?? 0) + 1;
    }
    const correct = rows.map((_, row) =>
      patterns.reduce((sum, pattern, p) => sum + (pattern[row] ?? 0) * (times[p] ?? 0), 0),
    );
    const drawnSeeds = Array.from({ length: seeds }, () => Math.floor(uniform() * seeds));
    return tables.map(
      (_, t) =>
        drawnSeeds.reduce((sum, seed) => sum + (correct[t * seeds + seed] ?? 0), 0) / (seeds * images),
    );
  });
};

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

/** Most images are classified alike by all rows: those that are, are drawn as one. */
const groupColumns = (rows: readonly Uint8Array[], images: number) => {
  const known = new Map<string, number>();
  const patterns: Uint8Array[] = [];
  const patternOf = Uint32Array.from({ length: images }, (_, i) => {
    const pattern = Uint8Array.from(rows, (row) => row[i] ?? 0);
    const key = pattern.join('');
    const found = known.get(key);
    if (found !== undefined) return found;
    known.set(key, patterns.length);
    return patterns.push(pattern) - 1;
  });
  return { patternOf, patterns };
};
