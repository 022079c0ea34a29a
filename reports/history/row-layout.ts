/** Where the parts of timelines stand: one row a series, positions in pixels of the plot. */
import type { HistoryPoint, RunName, Series, Track } from '../../harness/analysis/history/history.js';
import type { HistoryMetric } from '../../results/history/history.js';
import type { Margins } from '../charts/chart.js';
import { plotWidth } from '../charts/frame.js';
import { linearScale } from '../charts/scale.js';
import { textWidth } from '../charts/text-width.js';
import { plainText } from '../text/text.js';

/** What the timelines of one metric show. */
export interface TimeLines {
  readonly suite: string;
  readonly metric: HistoryMetric;
  readonly tracks: readonly Track[];
  /** All runs of the suite, in order. */
  readonly runs: readonly RunName[];
  /** The letter of a break, by its key. */
  readonly letters: ReadonlyMap<string, string>;
}

export const MARGINS: Margins = { left: 62, right: 14, top: 4, bottom: 24 };

export const WIDTH = plotWidth(MARGINS);

const TITLE = 20;
const LANE = 14;
const PLOT = 44;
const GAP = 16;

export interface Row {
  readonly candidate: string;
  readonly series: Series;
  /** Of the title. */
  readonly top: number;
  /** Of the labels between title and plot. */
  readonly lane: number;
  readonly plotTop: number;
  readonly plotBottom: number;
  readonly yOf: (value: number) => number;
}

export interface Layout {
  readonly rows: readonly Row[];
  readonly height: number;
  readonly xOf: (run: RunName) => number;
}

/** The same run stands at the same place in every row; every row has a scale of its own. */
export const layoutOf = (tracks: readonly Track[], runs: readonly RunName[]): Layout => {
  const places = new Map(runs.map(({ folder }, index) => [folder, index]));
  const step = WIDTH / Math.max(1, runs.length - 1);
  let top = 0;
  const rows = tracks.flatMap(({ candidate, series }) =>
    series.map((one): Row => {
      const lane = top + TITLE;
      const plotTop = lane + (one.break !== null || one.changes.length > 0 ? LANE : 0);
      const plotBottom = plotTop + PLOT;
      const { at } = linearScale(one.points.flatMap(extentOf));
      const yOf = (value: number): number => plotBottom - at(value) * PLOT;
      const row = {
        candidate: plainText(candidate) || 'unnamed',
        series: one,
        top,
        lane,
        plotTop,
        plotBottom,
        yOf,
      };
      top = plotBottom + GAP;
      return row;
    }),
  );
  const xOf = ({ folder }: RunName): number =>
    runs.length === 1 ? WIDTH / 2 : (places.get(folder) ?? 0) * step;
  return { rows, height: top - GAP, xOf };
};

/** What is drawn of a point. */
export const extentOf = ({ value, interval }: HistoryPoint): number[] => [value, ...(interval ?? [])];

/** Half way between two runs. */
export const between = (
  { xOf }: Layout,
  { before, after }: { readonly before: RunName; readonly after: RunName },
): number => (xOf(before) + xOf(after)) / 2;

export interface LaneLabel {
  readonly x: number;
  /** From the one to be preferred to the one that needs the least room. */
  readonly texts: readonly string[];
}

/** Text and its middle for every label that finds room in a lane, the last first; none beyond the ends. */
export const placeInLane = (
  labels: readonly LaneLabel[],
): readonly { readonly text: string; readonly middle: number }[] => {
  let right = WIDTH + MARGINS.right;
  return labels
    .toSorted((one, other) => other.x - one.x)
    .flatMap(({ x, texts }) => {
      for (const text of texts) {
        const half = textWidth(text) / 2;
        const middle = Math.max(half, Math.min(x, right - half));
        if (Math.abs(middle - x) <= half && middle + half <= right) {
          right = middle - half - LABEL_GAP;
          return [{ text, middle }];
        }
      }
      return [];
    });
};

const LABEL_GAP = 8;
