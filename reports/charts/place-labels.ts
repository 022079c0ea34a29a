/** Where the labels of points can stand without covering points, intervals or each other. */
import { LABEL_SIZE } from './frame.js';
import { textWidth } from './text-width.js';

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface LabelledPoint {
  readonly x: number;
  readonly y: number;
  /** From the one to be preferred to the one that needs the least room. */
  readonly texts: readonly string[];
}

/** A text that fits, with offsets from the point, for a text mark. */
export interface Placement extends Spot {
  readonly text: string;
}

interface Spot {
  readonly dx: number;
  readonly dy: number;
  readonly align: 'left' | 'right' | 'center';
  /** The line from the point to a label that does not stand next to it. */
  readonly leader?: Leader;
}

/** Both ends as offsets from the point. */
export interface Leader {
  readonly fromX: number;
  readonly fromY: number;
  readonly toX: number;
  readonly toY: number;
}

export interface Surroundings {
  readonly obstacles: readonly Box[];
  /** What a label may cross, if it must. */
  readonly lines: readonly Box[];
  readonly within: Box;
}

/** Beyond it, leaders across lines are a tangle: a label that needs one is left out. */
const FEW = 12;

/** Null where no place is free. Of few points, those that came away empty choose first in another try. */
export const placeLabels = (
  points: readonly LabelledPoint[],
  surroundings: Surroundings,
): (Placement | null)[] => {
  const all = points.flatMap(({ texts }, index) => (texts.length === 0 ? [] : [index]));
  let first: readonly number[] = [];
  let best: (Placement | null)[] = points.map(() => null);
  for (let tries = 0; tries === 0 || (tries < FEW && points.length <= FEW); tries++) {
    const turns = [first, all.filter((index) => !first.includes(index))];
    const placed = placeInTurns(points, turns, surroundings);
    const empty = all.filter((index) => placed[index] === null);
    if (tries === 0 || empty.length < all.filter((index) => best[index] === null).length) best = placed;
    if (empty.length === 0) break;
    first = [...empty, ...first.filter((index) => !empty.includes(index))];
  }
  return best;
};

/** How a label is placed: with which of its texts, where, and what of it may cross lines. */
interface Way {
  readonly texts: readonly [number, number?];
  readonly spots: readonly Spot[];
  readonly mayCross: 'nothing' | 'leader' | 'all';
}

/** A whole text next to its point comes before one at the end of a leader, and that before a shorter text. */
const waysOf = (points: readonly LabelledPoint[]): readonly Way[] => {
  const lengths = Array.from(
    { length: Math.max(0, ...points.map(({ texts }) => texts.length)) },
    (_, at) => at,
  );
  return [
    ...lengths.flatMap((at) =>
      [NEAR, FAR].map((spots): Way => ({ texts: [at, at + 1], spots, mayCross: 'nothing' })),
    ),
    ...(points.length > FEW ? [] : [{ texts: [0, 1], spots: FAR, mayCross: 'leader' } as const]),
    { texts: [0], spots: NEAR, mayCross: 'all' },
    ...(points.length > FEW ? [] : [{ texts: [0], spots: FAR, mayCross: 'all' } as const]),
  ];
};

/** Greedy: the points of a turn have chosen, in every way, before those of the next do. */
const placeInTurns = (
  points: readonly LabelledPoint[],
  turns: readonly (readonly number[])[],
  surroundings: Surroundings,
): (Placement | null)[] => {
  const taken = [...surroundings.obstacles];
  const placed: (Placement | null)[] = points.map(() => null);
  const ways = waysOf(points);
  for (const turn of turns) {
    for (const way of ways) {
      for (const index of turn) {
        const point = points[index];
        const place =
          point === undefined || placed[index] ? undefined : placeOf(point, way, { ...surroundings, taken });
        if (place === undefined) continue;
        taken.push(place.box, ...place.leaderBoxes);
        placed[index] = place.placement;
      }
    }
  }
  return placed;
};

/** The first text that fits, over as little of lines as possible. */
const placeOf = (
  point: LabelledPoint,
  { texts, spots, mayCross }: Way,
  { lines, taken, within }: Pick<Surroundings, 'lines' | 'within'> & { readonly taken: readonly Box[] },
): Place | undefined => {
  for (const text of point.texts.slice(...texts)) {
    const [best] = spots
      .map((spot) => placeAt(point, text, spot))
      .filter(isFree(point, taken, within))
      .map((place) => ({ place, length: covered(place, lines, mayCross === 'leader') }))
      .toSorted((a, b) => a.length - b.length);
    if (best !== undefined && (mayCross === 'all' || best.length === 0)) return best.place;
  }
  return undefined;
};

interface Place {
  readonly placement: Placement;
  readonly box: Box;
  /** Small boxes along the leader, none where there is none. */
  readonly leaderBoxes: readonly Box[];
}

const placeAt = (point: LabelledPoint, text: string, spot: Spot): Place => ({
  placement: { text, ...spot },
  box: boxOf(point, text, spot),
  leaderBoxes: spot.leader === undefined ? [] : boxesAlong(point, spot.leader),
});

/** A leader may begin in what covers its point, for points that cover each other. */
const isFree =
  (point: LabelledPoint, taken: readonly Box[], within: Box) =>
  ({ box, leaderBoxes }: Place): boolean =>
    inside(box, within) &&
    !taken.some(
      (other) =>
        overlap(box, other) ||
        (!inside({ left: point.x, right: point.x, top: point.y, bottom: point.y }, other) &&
          leaderBoxes.some((each) => overlap(each, other))),
    );

/** How much of lines a label and its leader cross. */
const covered = ({ box, leaderBoxes }: Place, lines: readonly Box[], exceptLeader: boolean): number =>
  lines.reduce(
    (sum, line) =>
      [box, ...(exceptLeader ? [] : leaderBoxes)].reduce(
        (length, each) => length + lengthWithin(line, each),
        sum,
      ),
    0,
  );

/** How much of a thin line lies in a box. */
const lengthWithin = (line: Box, box: Box): number =>
  overlap(line, box)
    ? Math.max(
        Math.min(line.right, box.right) - Math.max(line.left, box.left),
        Math.min(line.bottom, box.bottom) - Math.max(line.top, box.top),
      )
    : 0;

/** Vertical positions at least `gap` apart, in the order given and as near as possible to where they were wanted. */
export const spread = (
  wanted: readonly number[],
  gap: number,
  [low, high]: readonly [number, number],
): number[] => {
  const order = wanted
    .map((position, index) => ({ position, index }))
    .toSorted((a, b) => a.position - b.position);
  const placed: number[] = [];
  let floor = low;
  for (const { position, index } of order) {
    placed[index] = Math.max(position, floor);
    floor = (placed[index] ?? floor) + gap;
  }
  let ceiling = high;
  for (const { index } of order.toReversed()) {
    placed[index] = Math.min(placed[index] ?? ceiling, ceiling);
    ceiling = (placed[index] ?? ceiling) - gap;
  }
  return placed;
};

const NEAR: readonly Spot[] = [
  { dx: 8, dy: 0, align: 'left' },
  { dx: -8, dy: 0, align: 'right' },
  { dx: 6, dy: -10, align: 'left' },
  { dx: 6, dy: 10, align: 'left' },
  { dx: -6, dy: -10, align: 'right' },
  { dx: -6, dy: 10, align: 'right' },
  { dx: 0, dy: -13, align: 'center' },
  { dx: 0, dy: 13, align: 'center' },
];

/** The leader goes from beside the symbol of the point to just before the text. */
const atEndOfLeader = (radius: number, degrees: number, align: 'left' | 'right'): Spot => {
  const across = (length: number) => Math.round(length * Math.cos((degrees * Math.PI) / 180));
  const down = (length: number) => Math.round(length * Math.sin((degrees * Math.PI) / 180));
  const leader = { fromX: across(7), fromY: down(7), toX: across(radius - 3), toY: down(radius - 3) };
  return { dx: across(radius), dy: down(radius), align, leader };
};

/** In rings of whole pixels; none straight above or below, where the point has its interval. */
const FAR: readonly Spot[] = [20, 30, 40, 52, 66, 82, 100].flatMap((radius) =>
  [20, -20, 45, -45, 70, -70].flatMap((degrees) => [
    atEndOfLeader(radius, degrees, 'left'),
    atEndOfLeader(radius, 180 - degrees, 'right'),
  ]),
);

const boxesAlong = ({ x, y }: LabelledPoint, { fromX, fromY, toX, toY }: Leader): Box[] => {
  const steps = Math.ceil(Math.hypot(toX - fromX, toY - fromY) / 2);
  return Array.from({ length: steps + 1 }, (_, step) => {
    const at = {
      x: x + fromX + ((toX - fromX) * step) / steps,
      y: y + fromY + ((toY - fromY) * step) / steps,
    };
    return { left: at.x - 1, right: at.x + 1, top: at.y - 1, bottom: at.y + 1 };
  });
};

const boxOf = ({ x, y }: LabelledPoint, text: string, { dx, dy, align }: Spot): Box => {
  const width = textWidth(text);
  const left = x + dx - { left: 0, center: width / 2, right: width }[align];
  return { left, right: left + width, top: y + dy - LABEL_SIZE / 2 - 1, bottom: y + dy + LABEL_SIZE / 2 + 1 };
};

const inside = (box: Box, outer: Box): boolean =>
  box.left >= outer.left && box.right <= outer.right && box.top >= outer.top && box.bottom <= outer.bottom;

const overlap = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
