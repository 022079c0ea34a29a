/** Where the labels of points can stand without covering points, intervals or each other. */
import { LABEL_SIZE } from './frame.js';

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
export interface Placement extends Offset {
  readonly text: string;
}

interface Offset {
  readonly dx: number;
  readonly dy: number;
  readonly align: 'left' | 'right' | 'center';
}

/**
 * Greedy, in the order given; over as little of lines as possible where no place next to the point is free of them, null where none is
 * free at all.
 */
export const placeLabels = (
  points: readonly LabelledPoint[],
  { obstacles, lines, within }: Surroundings,
): (Placement | null)[] => {
  const taken = [...obstacles];
  const placed = points.map((point) => placeOne(point, taken, { lines, within }, false));
  return points.map((point, index) => placed[index] ?? placeOne(point, taken, { lines, within }, true));
};

export interface Surroundings {
  readonly obstacles: readonly Box[];
  /** What a label may cross, if it must. */
  readonly lines: readonly Box[];
  readonly within: Box;
}

interface Place {
  readonly offset: Offset;
  readonly box: Box;
}

/** Adds the box of the label to those that are taken. */
const placeOne = (
  point: LabelledPoint,
  taken: Box[],
  { lines, within }: Pick<Surroundings, 'lines' | 'within'>,
  mayCross: boolean,
): Placement | null => {
  const isFree = ({ box }: Place): boolean =>
    inside(box, within) && !taken.some((other) => overlap(box, other));
  const isClear = ({ box }: Place): boolean => !lines.some((line) => overlap(line, box));
  const covered = ({ box }: Place): number =>
    lines.reduce((length, line) => length + lengthWithin(line, box), 0);
  for (const text of point.texts) {
    const places = OFFSETS.map((offset): Place => ({ offset, box: boxOf(point, text, offset) }));
    const best = mayCross
      ? places.filter(isFree).toSorted((a, b) => covered(a) - covered(b))[0]
      : places.find((place) => isFree(place) && isClear(place));
    if (best !== undefined) {
      taken.push(best.box);
      return { text, ...best.offset };
    }
  }
  return null;
};

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

/** An estimate, for fonts of usual width: text is drawn by the reader's browser. */
export const textWidth = (text: string): number =>
  [...text].reduce(
    (width, character) =>
      width + LABEL_SIZE * (WIDE.test(character) ? 1 : NARROW.test(character) ? 0.34 : 0.6),
    0,
  );

const WIDE = /[MW@%=+−<>…\u1100-\u{10ffff}]/u;
const NARROW = /[ijlt.,:;'|!()[\]/]/;

const OFFSETS: readonly Offset[] = [
  { dx: 8, dy: 0, align: 'left' },
  { dx: -8, dy: 0, align: 'right' },
  { dx: 6, dy: -10, align: 'left' },
  { dx: 6, dy: 10, align: 'left' },
  { dx: -6, dy: -10, align: 'right' },
  { dx: -6, dy: 10, align: 'right' },
  { dx: 0, dy: -13, align: 'center' },
  { dx: 0, dy: 13, align: 'center' },
];

const boxOf = ({ x, y }: LabelledPoint, text: string, { dx, dy, align }: Offset): Box => {
  const width = textWidth(text);
  const left = x + dx - { left: 0, center: width / 2, right: width }[align];
  return { left, right: left + width, top: y + dy - LABEL_SIZE / 2 - 1, bottom: y + dy + LABEL_SIZE / 2 + 1 };
};

const inside = (box: Box, outer: Box): boolean =>
  box.left >= outer.left && box.right <= outer.right && box.top >= outer.top && box.bottom <= outer.bottom;

const overlap = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
