/** Where the names of a scatter's points stand. */
import { shorten } from '../text/words.js';
import type { Margins } from './chart.js';
import { plotWidth } from './frame.js';
import { type Box, placeLabels } from './place-labels.js';
import type { PlotScale } from './scale.js';
import type { Point } from './scatter-points.js';

export const MARGINS: Margins = { left: 40, right: 12, top: 28, bottom: 44 };
export const HEIGHT = 250;
/** From the one to be preferred to the one that needs the least room. */
const SHORT_LABELS = [18, 12] as const;

/** The points with what a text mark needs; names only of some, where there are many. */
export const labelled = (
  points: readonly Point[],
  {
    fronts,
    scales: { x, y },
    named,
  }: {
    readonly fronts: readonly (readonly Point[])[];
    readonly scales: { readonly x: PlotScale; readonly y: PlotScale };
    readonly named: ReadonlySet<string>;
  },
) => {
  const width = plotWidth(MARGINS);
  const at = (cost: number, top1: number) => ({ x: x.at(cost) * width, y: (1 - y.at(top1)) * HEIGHT });
  const obstacles = points.map(({ cost, top1 }): Box => {
    const centre = at(cost, top1);
    return { left: centre.x - 6, right: centre.x + 6, top: centre.y - 6, bottom: centre.y + 6 };
  });
  const lines = points.flatMap((point): Box[] => {
    const low = at(point.costLow ?? point.cost, point.low ?? point.top1);
    const high = at(point.costHigh ?? point.cost, point.high ?? point.top1);
    const centre = at(point.cost, point.top1);
    return [
      { left: centre.x - 1, right: centre.x + 1, top: high.y, bottom: low.y },
      { left: low.x, right: high.x, top: centre.y - 1, bottom: centre.y + 1 },
    ];
  });
  for (const front of fronts) {
    for (const [index, point] of front.slice(1).entries()) {
      const before = front[index] ?? point;
      const [from, to] = [at(before.cost, before.top1), at(point.cost, point.top1)];
      lines.push(
        { left: from.x, right: to.x, top: from.y - 1, bottom: from.y + 1 },
        { left: to.x - 1, right: to.x + 1, top: to.y, bottom: from.y },
      );
    }
  }
  const within = { left: 2, right: width, top: 0, bottom: HEIGHT };
  const labels = points.map(({ id, cost, top1, rank, candidate }) => ({
    ...at(cost, top1),
    texts: named.has(id)
      ? [candidate, ...SHORT_LABELS.map((length) => shorten(candidate, length))].map(
          (text) => `${rank}${text}`,
        )
      : [],
  }));
  const placements = placeLabels(labels, { obstacles, lines, within });
  return points.map(({ id: _, name: __, ...point }, index) => ({ ...point, ...placements[index] }));
};
