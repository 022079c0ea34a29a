/** Part of a grid that is one level throughout, in cells. */
export interface Rectangle {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** 1 to 9. */
  readonly level: number;
}

/**
 * Rectangles that together cover every cell of a grid of digits but the zeros, each cell once: runs within a row, grown downwards as
 * long as the next row has the same run.
 */
export const rectanglesOf = (rows: readonly string[]): Rectangle[] => {
  const done: Rectangle[] = [];
  let open: readonly Rectangle[] = [];
  for (const [top, row] of rows.entries()) {
    const grown = runsOf(row, top).map((run) => {
      const above = open.find((one) => continues(one, run));
      return above === undefined ? run : { ...above, bottom: run.bottom };
    });
    done.push(...open.filter((one) => !grown.some((run) => continues(one, run))));
    open = grown;
  }
  return [...done, ...open];
};

const runsOf = (row: string, top: number): Rectangle[] =>
  [...row.matchAll(/([1-9])\1*/g)].map(({ 0: run, index }) => ({
    left: index,
    right: index + run.length,
    top,
    bottom: top + 1,
    level: Number(run[0]),
  }));

const continues = (a: Rectangle, b: Rectangle): boolean =>
  a.left === b.left && a.right === b.right && a.level === b.level;
